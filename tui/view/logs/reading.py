"""Reading: what the pane asks of a log store; `tui.logs.reader.LogReader` is one."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from tui.model.loglines import LogFilter, LogLine

if TYPE_CHECKING:
    from array import array

    from tui.logs.moments import Moments


class Reading(Protocol):
    """The lines stored; blocks, and may be called from several threads."""

    def bounds(self) -> tuple[int, int]:
        """Return the oldest and the newest id, (0, 0) when there are no lines."""

    def lines(self, ids: Sequence[int]) -> list[LogLine]:
        """Return the lines of these ids, without those that are no more."""

    def matching(
        self, wanted: LogFilter, start: int, stop: int, newest_first: bool = True
    ) -> Iterator["array[int]"]:
        """Yield the ids in [start, stop) that pass the filter, in order, in chunks."""

    def moments(self, ids: Sequence[int], since: int, until: int) -> "Iterator[Moments]":
        """Yield when these ids, which rise, were said, without what was wholly at other times."""

    def extent(self, ids: Sequence[int]) -> tuple[int, int] | None:
        """Return the oldest and the newest time of these ids; None where there are none."""

    def pods(self) -> tuple[str, ...]:
        """Return the names of all pods that said something."""

    def revisions(self) -> tuple[int, ...]:
        """Return all revisions that said something, rising."""

    def listen(self, heard: Callable[[], object]) -> None:
        """Have `heard` called, on any thread, whenever this process has written lines."""


class Nothing:
    """What is read where there is no store."""

    def bounds(self) -> tuple[int, int]:
        """Return that there are no lines."""
        return (0, 0)

    def lines(self, ids: Sequence[int]) -> list[LogLine]:
        """Return none."""
        return []

    def matching(
        self, wanted: LogFilter, start: int, stop: int, newest_first: bool = True
    ) -> Iterator["array[int]"]:
        """Yield none."""
        return iter(())

    def moments(self, ids: Sequence[int], since: int, until: int) -> "Iterator[Moments]":
        """Yield none."""
        return iter(())

    def extent(self, ids: Sequence[int]) -> tuple[int, int] | None:
        """Return that there are none."""
        return None

    def pods(self) -> tuple[str, ...]:
        """Return none."""
        return ()

    def revisions(self) -> tuple[int, ...]:
        """Return none."""
        return ()

    def listen(self, heard: Callable[[], object]) -> None:
        """Call nobody: nothing is written."""
