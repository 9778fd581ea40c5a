"""Present: a log line as segments of styled text, cut to its screen lines. Pure.

Text of lines goes into segments as it is: nothing here reads markup. Positions inside a message are
counted in characters, those on screen in cells; `wrapping` knows how they go together.
"""

import itertools
from collections.abc import Iterable

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from tui.logs.finding import Search
from tui.model.frozen import frozen
from tui.model.loglines import Level, LogLine
from tui.view.logs.gutter import Columns, present_gutter, present_time
from tui.view.logs.palette import Palette
from tui.view.logs.wrapping import abbreviated, wrapped

NOTE = 100
"""Characters the note on what is left out never exceeds."""
MOST_MATCHES = 200
"""Matches highlighted in one line."""


@frozen
class Look:
    """Everything but the line itself that decides how it looks."""

    width: int
    columns: Columns
    palette: Palette
    wrap: bool = False
    search: Search | None = None

    @property
    def room(self) -> int:
        """Cells left for the message: the last one is kept for the mark of longer lines."""
        return max(0, self.width - self.columns.width - 1)


@frozen
class Piece:
    """One screen line of a message."""

    start: int
    """The character of the message at which it begins."""
    text: str
    cells: int
    segments: list[Segment]


@frozen
class Painted:
    """One line, ready to be cropped to the screen."""

    gutter: list[Segment]
    indent: int
    """Cells of the gutter."""
    pieces: list[Piece]
    rule: bool = False
    """Whether it is a separator across the whole width."""


def paint(line: LogLine, look: Look) -> Painted:
    """Style a line, and wrap it when lines are wrapped."""
    if line.stream == "marker":
        return _paint_rule(line, look)
    head, note = abbreviated(line.message)
    text = head + note
    segments = styled(text, _message_style(line, look.palette), _spans(line, head, look))
    gutter = present_gutter(line, look.columns, look.palette)
    pieces = _pieces(text, segments, look.room) if look.wrap else [_whole(text, segments)]
    return Painted(gutter, look.columns.width, pieces)


def _paint_rule(line: LogLine, look: Look) -> Painted:
    """Return a separator: its text in a rule across the whole width."""
    style = look.palette["rule"]
    time = f"── {present_time(line.time)[:8]} " if look.columns.time else "── "
    head, _ = abbreviated(line.message, max(1, look.width - len(time) - 4))
    text = f"{head} " + "─" * max(0, look.width - len(time) - cell_len(head) - 1)
    piece = _whole(text, [Segment(text, style)])
    return Painted([Segment(time, style)], len(time), [piece], rule=True)


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


def _whole(text: str, segments: list[Segment]) -> Piece:
    return Piece(0, text, cell_len(text), segments)


def _pieces(text: str, segments: list[Segment], room: int) -> list[Piece]:
    """Cut a text where it has to be wrapped."""
    starts = wrapped(text, room)
    if len(starts) == 1:
        return [_whole(text, segments)]
    return [
        Piece(start, text[start:stop], cell_len(text[start:stop]), _between(segments, start, stop))
        for start, stop in zip(starts, [*starts[1:], len(text)], strict=True)
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
    found = itertools.islice(look.search.spans(head), MOST_MATCHES)
    spans = [(first, stop, match) for first, stop in found if stop > first]
    rest = look.search.spans(line.message, len(head)) if len(head) < len(line.message) else ()
    hidden = any(rest)
    return [*spans, (len(head), end, match if hidden else note)]


def _message_style(line: LogLine, palette: Palette) -> Style:
    if line.stream == "build" or line.level in {Level.DEBUG, Level.TRACE}:
        return palette["muted"]
    if line.level >= Level.ERROR:
        return palette["error"] + Style(bold=False)
    return Style.null()
