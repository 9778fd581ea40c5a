"""Filtering: a walk over the store for the lines a filter lets through.

A walk goes on in a thread while the loop paints. It looks at the newest lines first, so that the
screen fills at once, in slices that grow, and before each slice it catches up with what arrived
meanwhile. Thread and loop share nothing but two queues (appends and pops of a deque are atomic) and
a few numbers only one side writes: the thread appends finds, each with the place it got to; the
loop takes them when it likes, so that work per frame is bounded by slices, not by lines. `wake` is
called from the thread after each slice and must be safe there.
"""

from array import array
from collections import deque
from collections.abc import Callable

from tui.model.faults import Fault, FaultError
from tui.model.loglines import LogFilter
from tui.view.logs.reading import Reading
from tui.view.logs.rows import ChosenLines

FIRST_SLICE = 4_000
LARGEST_SLICE = 32_000


class Walk:
    """One filter's way through the store."""

    def __init__(self, reader: Reading, wanted: LogFilter, wake: Callable[[], None]) -> None:
        self.wanted = wanted
        self._reader = reader
        self._wake = wake
        self._cancelled = False
        self._older: deque[tuple[int, array[int]]] = deque()
        self._newer: deque[array[int]] = deque()
        oldest, newest = reader.bounds()
        self._oldest = oldest
        self._from = newest + 1
        self._above = newest + 1
        self._below = newest + 1
        self.reached = newest + 1
        """All matching ids from here up were taken by the loop."""
        self.running = False
        self.fault: Fault | None = None

    @property
    def progress(self) -> float:
        """Return how much of the store was looked at, from 0 to 1."""
        return 1 - max(0, self._below - self._oldest) / max(1, self._from - self._oldest)

    @property
    def finished(self) -> bool:
        """Whether the oldest line was reached and all finds were taken."""
        return self._below <= self._oldest and not self._older

    def behind(self, newest: int) -> bool:
        """Whether there is anything left to look at."""
        return newest >= self._above or self._below > self._oldest

    def stirring(self, newest: int) -> bool:
        """Whether there are finds to be taken, or it should be run again."""
        found = bool(self._older or self._newer)
        return found or (not self.running and not self.fault and self.behind(newest))

    def cancel(self) -> None:
        """Let the thread end at the next slice."""
        self._cancelled = True

    def run(self) -> None:
        """Look at everything not looked at yet; blocks, so it runs in a thread, one at a time."""
        try:
            self._walk()
        except FaultError as error:
            self.fault = error.fault
        finally:
            self.running = False
            if not self._cancelled:
                self._wake()

    def take(self, rows: ChosenLines) -> bool:
        """Move what was found into the rows; return whether there was anything."""
        found = bool(self._older or self._newer)
        while self._older:
            self.reached, ids = self._older.popleft()
            rows.add_older(ids)
        while self._newer:
            rows.add_newer(self._newer.popleft())
        return found

    def _walk(self) -> None:
        size = FIRST_SLICE
        while not self._cancelled:
            self._catch_up()
            if self._below <= self._oldest:
                return
            self._look_back(size)
            size = min(size * 2, LARGEST_SLICE)
            self._wake()

    def _catch_up(self) -> None:
        self._oldest, newest = self._reader.bounds()
        if newest < self._above:
            return
        found = self._matching(self._above, newest + 1, newest_first=False)
        self._above = newest + 1
        if found:
            self._newer.append(found)

    def _look_back(self, size: int) -> None:
        start = max(self._oldest, self._below - size)
        found = self._matching(start, self._below, newest_first=True)
        if not self._cancelled:
            self._older.append((start, found))
            self._below = start

    def _matching(self, start: int, stop: int, *, newest_first: bool) -> "array[int]":
        found = array("q")
        for chunk in self._reader.matching(self.wanted, start, stop, newest_first):
            found.extend(chunk)
            if self._cancelled:
                break
        return found
