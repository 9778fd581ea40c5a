"""Finding the line that a click at a bar means; blocks, so it runs in a thread."""

from collections.abc import Iterator, Sequence

from tui.logs.moments import ALWAYS
from tui.model.loglines import Level
from tui.view.logs.reading import Reading

NEWEST = ALWAYS[1]


def line_at(reader: Reading, ids: Sequence[int], begin: int, end: int) -> int | None:
    """Return the first error in these times, or else the first line.

    Where there is no line it is the first one after them, or else the last of all.
    """
    first = None
    for number, level in _between(reader, ids, begin, end):
        if level >= Level.ERROR:
            return number
        first = first or number
    after = (number for number, _ in _between(reader, ids, end, NEWEST))
    return first or next(after, ids[-1] if ids else None)


def _between(
    reader: Reading, ids: Sequence[int], begin: int, end: int
) -> Iterator[tuple[int, int]]:
    """Yield the ids and levels of lines said in these times, the end not in them."""
    for some in reader.moments(ids, begin, end):
        for number, time, level in zip(some.ids, some.times, some.levels, strict=True):
            if begin <= time < end:
                yield number, level
