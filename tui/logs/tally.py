"""Tally: how many lines there were over time. Pure.

Time is cut into slots of equal width, numbered from 1970 on. Lines need not come in the order of
their times, so the times of a block are sorted and cut, which takes 80 ms for a million lines.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import compress
from typing import NamedTuple, Self

from tui.logs.moments import Moments
from tui.model.loglines import Level

WARNINGS = bytes(level == Level.WARNING for level in range(256))
ERRORS = bytes(level >= Level.ERROR for level in range(256))


class Bar(NamedTuple):
    """The lines of a slot; warnings and errors are among them."""

    lines: int = 0
    warnings: int = 0
    errors: int = 0


class Tally:
    """Counts lines in slots of `width` nanoseconds."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._counts: tuple[dict[int, int], ...] = ({}, {}, {})

    def add(self, moments: Moments) -> None:
        """Count some lines."""
        levels = moments.levels
        kinds = (
            moments.times,
            compress(moments.times, levels.translate(WARNINGS)),
            compress(moments.times, levels.translate(ERRORS)),
        )
        for counts, times in zip(self._counts, kinds, strict=True):
            for slot, count in _slots(times, self.width):
                counts[slot] = counts.get(slot, 0) + count

    def bar(self, slot: int) -> Bar:
        """Return what was counted in a slot."""
        return Bar(*(counts.get(slot, 0) for counts in self._counts))

    def since(self, first: int) -> Self:
        """Return a copy without the slots before one."""
        copy = type(self)(self.width)
        for kept, counts in zip(copy._counts, self._counts, strict=True):
            kept.update((slot, count) for slot, count in counts.items() if slot >= first)
        return copy


def _slots(times: Iterable[int], width: int) -> Iterator[tuple[int, int]]:
    """Yield slots with the number of times in each."""
    rising = sorted(times)
    at = 0
    while at < len(rising):
        slot = rising[at] // width
        stop = bisect_left(rising, (slot + 1) * width, at)
        yield slot, stop - at
        at = stop
