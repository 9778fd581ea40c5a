"""Present: a log line as strips of styled text. Pure.

Text of lines goes into segments as it is: nothing here reads markup. Positions inside a message are
counted in characters, those on screen in cells; `wrapping` knows how they go together.
"""

import itertools
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.model.loglines import Level, LogLine
from tui.view.logs.gutter import Columns, present_gutter, present_time
from tui.view.logs.palette import Palette
from tui.view.logs.wrapping import abbreviated, cut, wrapped

NOTE = 100
"""Characters the note on what is left out never exceeds."""
MOST_MATCHES = 200
"""Matches highlighted in one line."""


@dataclass(frozen=True, slots=True)
class Look:
    """Everything but the line itself that decides how it looks."""

    width: int
    columns: Columns
    palette: Palette
    wrap: bool = False
    search: re.Pattern[str] | None = None

    @property
    def room(self) -> int:
        """Cells left for the message: the last one is kept for the mark of longer lines."""
        return max(0, self.width - self.columns.width - 1)


@dataclass(frozen=True, slots=True)
class Painted:
    """One line, ready to be cropped to the screen."""

    gutter: Strip
    text: str
    """What is shown of the message, the note on what is left out included."""
    starts: list[int]
    """The character at which each of its screen lines begins."""
    pieces: list[list[Segment]]
    rule: bool = False
    """Whether it is a separator across the whole width."""

    @property
    def height(self) -> int:
        """Screen lines it takes."""
        return len(self.pieces)

    def piece_text(self, at: int) -> str:
        """Return the text of one of its screen lines."""
        return self.text[self.starts[at] : (*self.starts, len(self.text))[at + 1]]


@dataclass(frozen=True, slots=True)
class Place:
    """Which part of a painted line goes on one screen line."""

    line: int
    """The line's id; selections are kept by it."""
    piece: int = 0
    left: int = 0
    """Cells scrolled out of sight."""
    selected: tuple[int, int] | None = None
    """First and one beyond the last character selected."""


def paint(line: LogLine, look: Look) -> Painted:
    """Style a line, and wrap it when lines are wrapped."""
    if line.stream == "marker":
        return _paint_rule(line, look)
    head, note = abbreviated(line.message)
    segments = styled(head + note, _message_style(line, look.palette), _spans(line, head, look))
    starts = wrapped(head + note, look.room) if look.wrap else [0]
    gutter = Strip(present_gutter(line, look.columns, look.palette), look.columns.width)
    return Painted(gutter, head + note, starts, _pieces(segments, starts))


def _paint_rule(line: LogLine, look: Look) -> Painted:
    """Return a separator: its text in a rule across the whole width."""
    style = look.palette["rule"]
    time = f"── {present_time(line.time)[:8]} " if look.columns.time else "── "
    head, _ = abbreviated(line.message, max(1, look.width - len(time) - 4))
    text = f"{head} " + "─" * max(0, look.width - len(time) - cell_len(head) - 1)
    return Painted(Strip([Segment(time, style)]), text, [0], [[Segment(text, style)]], rule=True)


def draw(painted: Painted, place: Place, look: Look, selection: Style) -> Strip:
    """Return one screen line, `look.width` cells, with the offsets the mouse selects by."""
    start, text = painted.starts[place.piece], painted.piece_text(place.piece)
    segments = painted.pieces[place.piece]
    if place.selected is not None:
        begin, end = place.selected
        segments = restyled(segments, begin - start, end - start, selection)
    width, left = cell_len(text), 0 if painted.rule else place.left
    room = max(0, look.width - painted.gutter.cell_length - 1 + painted.rule)
    message = Strip(segments, width).crop(left, left + room)
    message = message.apply_offsets(start + cut(text, left), place.line)
    more = Segment("›" if width > left + room else " ", look.palette["muted"])
    filling = Strip.blank(max(0, room - message.cell_length))
    joined = Strip.join([_gutter(painted, place), message, filling, Strip([more], 1)])
    return joined.adjust_cell_length(look.width)


def _gutter(painted: Painted, place: Place) -> Strip:
    """Return the gutter, blank for a line's further screen lines.

    Its characters count from below -1, so that a click there means the message's beginning; -1
    itself has a meaning of its own in Textual's selections.
    """
    cells = painted.gutter.cell_length
    gutter = Strip.blank(cells) if place.piece else painted.gutter
    return gutter.apply_offsets(painted.starts[place.piece] - cells - 1, place.line)


def styled(text: str, base: Style, spans: Iterable[tuple[int, int, Style]]) -> list[Segment]:
    """Return segments of the text: the base style, over it spans that follow each other."""
    segments: list[Segment] = []
    at = 0
    for start, end, style in spans:
        segments += [Segment(text[at:start], base), Segment(text[start:end], base + style)]
        at = end
    segments.append(Segment(text[at:], base))
    return [segment for segment in segments if segment.text]


def restyled(segments: list[Segment], start: int, end: int, style: Style) -> list[Segment]:
    """Lay a style over the characters from `start` up to `end`."""
    result: list[Segment] = []
    at = 0
    for text, old, _ in segments:
        first, last = (max(0, min(edge - at, len(text))) for edge in (start, end))
        inner = old + style if old else style
        cuts = ((text[:first], old), (text[first:last], inner), (text[max(first, last) :], old))
        result.extend(Segment(part, look) for part, look in cuts if part)
        at += len(text)
    return result


def _pieces(segments: list[Segment], starts: list[int]) -> list[list[Segment]]:
    """Divide segments at characters."""
    if len(starts) == 1:
        return [segments]
    return [
        _between(segments, start, stop)
        for start, stop in zip(starts, [*starts[1:], sys.maxsize], strict=True)
    ]


def _between(segments: list[Segment], start: int, stop: int) -> list[Segment]:
    at, piece = 0, []
    for text, style, _ in segments:
        part = text[max(0, start - at) : max(0, stop - at)]
        if part:
            piece.append(Segment(part, style))
        at += len(text)
    return piece


def _spans(line: LogLine, head: str, look: Look) -> list[tuple[int, int, Style]]:
    """Return where the search matches and the note's place; it matches for what it leaves out."""
    match, note = look.palette["match"], look.palette["note"]
    end = len(head) + NOTE
    if look.search is None:
        return [(len(head), end, note)]
    found = itertools.islice(look.search.finditer(head), MOST_MATCHES)
    spans = [(m.start(), m.end(), match) for m in found if m.end() > m.start()]
    hidden = len(head) < len(line.message) and look.search.search(line.message, len(head))
    return [*spans, (len(head), end, match if hidden else note)]


def _message_style(line: LogLine, palette: Palette) -> Style:
    if line.stream == "build" or line.level in {Level.DEBUG, Level.TRACE}:
        return palette["muted"]
    if line.level >= Level.ERROR:
        return palette["error"] + Style(bold=False)
    return Style.null()
