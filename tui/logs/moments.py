"""Moments: when lines were said and how severe they are, read without what they say.

Of a block only its times and levels are read: those of a million lines take ten milliseconds.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tui.model.frozen import frozen

Query = Callable[[str, tuple[Any, ...]], list[Any]]
"""Runs a statement and returns its rows."""
ALWAYS = (-(1 << 63), (1 << 63) - 1)
"""The oldest and the newest time that can be stored."""
BETWEEN = (
    "FROM blocks WHERE first >= ifnull((SELECT max(first) FROM blocks WHERE first <= ?), 0) "
    "AND first <= ? AND last >= ?"
)
"""Blocks from the one that holds an id, or would, up to another id's."""
CANDIDATES = f"SELECT first, last {BETWEEN} AND newest >= ? AND oldest <= ? ORDER BY first"
EXTENT = f"SELECT min(oldest), max(newest) {BETWEEN}"


@frozen
class Moments:
    """Some lines of a block, in the order of their ids."""

    ids: Sequence[int]
    times: "array[int]"
    """Unix times in nanoseconds; they need not rise."""
    levels: bytes


def read_moments(query: Query, ids: Sequence[int], since: int, until: int) -> Iterator[Moments]:
    """Yield the moments of ids, which rise, a block at a time.

    Blocks without any line in the times asked for are left out.
    """
    times = (max(ALWAYS[0], min(time, ALWAYS[1])) for time in (since, until))
    found = query(CANDIDATES, (ids[0], ids[-1], ids[0], *times)) if ids else []
    for first, last in found:
        wanted = ids[bisect_left(ids, first) : bisect_right(ids, last)]
        if not wanted:
            continue
        for times, levels in query("SELECT times, levels FROM blocks WHERE first = ?", (first,)):
            yield picked(first, array("q", times), levels, wanted)


def read_extent(query: Query, ids: Sequence[int]) -> tuple[int, int] | None:
    """Return the oldest and the newest time of these ids; None where there are none.

    Of all lines in a row it is what the blocks say.
    """
    if not ids:
        return None
    if isinstance(ids, range):
        extents = query(EXTENT, (ids[0], ids[-1], ids[0]))
        return next(((old, new) for old, new in extents if old is not None), None)
    ends = [(min(some.times), max(some.times)) for some in read_moments(query, ids, *ALWAYS)]
    return (min(old for old, _ in ends), max(new for _, new in ends)) if ends else None


def picked(first: int, times: "array[int]", levels: bytes, wanted: Sequence[int]) -> Moments:
    """Return the moments of the wanted ids of a block that begins with the id `first`."""
    start, stop = wanted[0] - first, wanted[-1] - first + 1
    if len(wanted) == stop - start:
        return Moments(wanted, times[start:stop], levels[start:stop])
    places = [number - first for number in wanted]
    return Moments(
        wanted, array("q", [times[at] for at in places]), bytes([levels[at] for at in places])
    )
