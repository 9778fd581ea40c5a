"""Rows: the numbers under which the shown lines are known, and the line ids behind them. Pure.

A row's number never changes while its line is shown. Without a filter it is the line's id. With
one, the store is searched from the newest line backwards while new lines arrive: what the search
meets gets the numbers -1, -2, … and what arrives gets 0, 1, …, so that neither moves the other.
"""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from typing import Protocol


class Rows(Protocol):
    """The lines shown, oldest first."""

    @property
    def first(self) -> int:
        """The oldest row."""

    @property
    def stop(self) -> int:
        """One beyond the newest row."""

    def id_at(self, row: int) -> int:
        """Return the line id of a row from `first` to `stop` - 1."""

    def ids(self, start: int, stop: int) -> Sequence[int]:
        """Return the line ids of rows `start` to `stop` - 1, all of which there are, rising."""

    def row_near(self, line: int) -> int:
        """Return the row of a line id, or the nearest after it, or the last."""


class EveryLine:
    """All ids from the oldest to the newest: needs no memory."""

    def __init__(self, oldest: int = 0, newest: int = -1) -> None:
        self.first = oldest
        self.stop = newest + 1

    def id_at(self, row: int) -> int:
        """Return the row itself."""
        return row

    def ids(self, start: int, stop: int) -> Sequence[int]:
        """Return the rows themselves."""
        return range(start, stop)

    def row_near(self, line: int) -> int:
        """Return the id itself, within the bounds."""
        return max(self.first, min(line, self.stop - 1))


class ChosenLines:
    """The ids a filter let through: eight bytes each."""

    def __init__(self) -> None:
        self._older: array[int] = array("q")
        self._newer: array[int] = array("q")
        self._dropped = 0

    @property
    def first(self) -> int:
        """The oldest row."""
        return -len(self._older) or self._dropped

    @property
    def stop(self) -> int:
        """One beyond the newest row."""
        return self._dropped + len(self._newer)

    def __len__(self) -> int:
        return len(self._older) + len(self._newer)

    def add_older(self, ids: Sequence[int]) -> None:
        """Take ids below all others, newest first."""
        self._older.extend(ids)

    def add_newer(self, ids: Sequence[int]) -> None:
        """Take ids above all others, oldest first."""
        self._newer.extend(ids)

    def prune(self, oldest: int) -> None:
        """Drop the ids below `oldest`."""
        if self._older:
            del self._older[bisect_left(self._older, 1 - oldest, key=int.__neg__) :]
        if not self._older:
            gone = bisect_left(self._newer, oldest)
            del self._newer[:gone]
            self._dropped += gone

    def id_at(self, row: int) -> int:
        """Return the line id of a row."""
        return self._older[-row - 1] if row < 0 else self._newer[row - self._dropped]

    def ids(self, start: int, stop: int) -> Sequence[int]:
        """Return a copy of the ids, rising."""
        older = self._older[max(0, -stop) : max(0, -start)]
        older.reverse()
        dropped = self._dropped
        return older + self._newer[max(0, start - dropped) : max(0, stop - dropped)]

    def row_near(self, line: int) -> int:
        """Return the row of a line id, or the nearest after it, or the last."""
        if self._older and line <= self._older[0]:
            return -bisect_left(self._older, 1 - line, key=int.__neg__)
        return min(self._dropped + bisect_left(self._newer, line), max(self.first, self.stop - 1))
