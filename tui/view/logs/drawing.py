"""Drawing: a painted line on one screen line. Pure.

A strip costs ten times what its segments do, and a flood draws every line of the screen twenty
times a second: so what is drawn is one strip a line. What the mouse needs to tell which character
it is over is not in it; that is a strip of its own, made only when the mouse asks.
"""

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.model.frozen import frozen
from tui.view.logs.present import Look, Painted, restyled
from tui.view.logs.wrapping import cut


@frozen
class Place:
    """Which part of a painted line goes on one screen line."""

    line: int
    """The line's id; selections are kept by it."""
    piece: int = 0
    left: int = 0
    """Cells scrolled out of sight."""


@frozen
class Cover:
    """What is laid under a line, and over the characters selected in it."""

    base: Style
    selection: Style
    selected: tuple[int, int] | None = None
    """First and one beyond the last character selected."""


def draw(painted: Painted, place: Place, look: Look, cover: Cover) -> Strip:
    """Return one screen line, `look.width` cells."""
    piece = painted.pieces[place.piece]
    segments = piece.segments
    if cover.selected is not None:
        begin, end = cover.selected
        segments = restyled(segments, begin - piece.start, end - piece.start, cover.selection)
    left, room = _room(painted, place, look)
    if left or piece.cells > room:
        segments = list(Strip(segments, piece.cells).crop(left, left + room))
    gutter = [Segment(" " * painted.indent)] if place.piece else painted.gutter
    filling = " " * max(0, room - max(0, piece.cells - left))
    more = [Segment("›", look.palette["muted"])] if piece.cells > left + room else []
    base = cover.base
    drawn = [
        Segment(text, base + style if style else base)
        for text, style, _ in (*gutter, *segments, Segment(filling), *more)
        if text
    ]
    return Strip(drawn).adjust_cell_length(look.width, base)


def offsets(painted: Painted, place: Place, look: Look) -> Strip:
    """Return the same screen line without styles, each character knowing where it is from.

    The gutter's characters count from below -1, so that a click there means the message's
    beginning; -1 itself has a meaning of its own in Textual's selections.
    """
    piece = painted.pieces[place.piece]
    left, room = _room(painted, place, look)
    gutter = Strip.blank(painted.indent)
    message = Strip([Segment(piece.text)], piece.cells).crop(left, left + room)
    hidden = cut(piece.text, left) if left else 0
    return Strip.join(
        [
            gutter.apply_offsets(piece.start - painted.indent - 1, place.line),
            message.apply_offsets(piece.start + hidden, place.line),
        ]
    ).adjust_cell_length(look.width)


def _room(painted: Painted, place: Place, look: Look) -> tuple[int, int]:
    """Return the cells scrolled out of sight and the cells there are for the message."""
    left = 0 if painted.rule else place.left
    return left, max(0, look.width - painted.indent - (not painted.rule))
