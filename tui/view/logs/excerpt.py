"""Excerpt: the lines to be shown, as rows of which any can be asked for.

Without a filter the rows are simply the ids there are. Ids are handed out without holes, yet a
damaged or edited database may have some; the first hole met turns the rows into a list, made by the
same walk that serves the filters.
"""

from collections.abc import Callable

from tui.model.faults import FaultError
from tui.model.loglines import LogFilter, LogLine
from tui.view.logs.filtering import Walk
from tui.view.logs.pages import Pages
from tui.view.logs.reading import Reading
from tui.view.logs.rows import ChosenLines, EveryLine, Rows

PATIENCE = 20
"""Polls at which there are no lines any more before it is believed: a busy store reads as empty."""
PAGE = 64
"""Rows read from the store together."""


class Excerpt:
    """What a filter lets through of a store that grows at one end and is pruned at the other."""

    def __init__(self, reader: Reading, wake: Callable[[], None]) -> None:
        self.wanted = LogFilter()
        self.rows: Rows = EveryLine()
        self.walk: Walk | None = None
        """To be run in a thread while it is `behind` and not `running`."""
        self.reader = reader
        self.pages = Pages(reader.lines)
        self.oldest, self.newest = 0, -1
        self.epoch = 0
        """Rises when rows get other numbers."""
        self._wake = wake
        self._holed = False
        self._absent = 0

    @property
    def total(self) -> int:
        """How many lines are stored."""
        if self._holed and self.wanted == LogFilter():
            return self.shown
        return self.newest - self.oldest + 1

    @property
    def shown(self) -> int:
        """How many rows there are."""
        return self.rows.stop - self.rows.first

    @property
    def _unlisted(self) -> bool:
        """Whether ids are known to have holes, and are not listed yet."""
        return self._holed and isinstance(self.rows, EveryLine)

    @property
    def scanning(self) -> bool:
        """Whether older rows may yet be found."""
        return self.walk is not None and not self.walk.finished

    def stale(self) -> bool:
        """Whether `poll` would take in anything, or tell a fault."""
        try:
            bounds = self._bounds()
        except FaultError:
            return True
        stirring = self.walk is not None and self.walk.stirring(bounds[1])
        return stirring or self._unlisted or bounds != (self.oldest, self.newest)

    def poll(self) -> bool:
        """Take in what the store and the walk have got; return whether any row came or went.

        Constant work: it is done 20 times a second. Raises FaultError when the store cannot be
        read.
        """
        bounds = self._bounds()
        self._absent = self._absent + 1 if bounds[1] < 0 <= self.newest else 0
        if 0 < self._absent < PATIENCE:
            return False
        if bounds[1] < self.newest:
            self._begin_anew()
        changed = bounds != (self.oldest, self.newest) or self._unlisted
        self.oldest, self.newest = bounds
        if self._unlisted:
            self.choose(self.wanted)
        if isinstance(self.rows, ChosenLines):
            return self._take(self.rows) or changed
        if changed:
            self.rows = EveryLine(self.oldest, self.newest)
        return changed

    def choose(self, wanted: LogFilter) -> None:
        """Show what another filter lets through."""
        if self.walk is not None:
            self.walk.cancel()
        self.wanted = wanted
        self.epoch += 1
        if wanted == LogFilter() and not self._holed:
            self.walk, self.rows = None, EveryLine(self.oldest, self.newest)
        else:
            self.walk, self.rows = Walk(self.reader, wanted, self._wake), ChosenLines()

    def covers(self, line: int) -> bool:
        """Whether the rows are complete from a line id upwards."""
        return self.walk is None or self.walk.reached <= max(line, self.oldest)

    def line(self, row: int) -> LogLine | None:
        """Return the line of a row, reading its page when it is not at hand; None for a hole.

        Raises FaultError when the store cannot be read.
        """
        wanted = self.rows.id_at(row)
        if wanted not in self.pages:
            self.load(row // PAGE * PAGE, row // PAGE * PAGE + PAGE)
        return self.pages.get(wanted)

    def load(self, start: int, stop: int) -> None:
        """Read the lines of rows `start` to `stop` - 1, as far as there are such rows."""
        rows = range(max(start, self.rows.first), min(stop, self.rows.stop))
        absent = self.pages.load(self.rows.id_at(row) for row in rows)
        if absent and max(absent) >= self.reader.bounds()[0] > 0:
            self._holed = True

    def close(self) -> None:
        """End the walk."""
        if self.walk is not None:
            self.walk.cancel()

    def _bounds(self) -> tuple[int, int]:
        oldest, newest = self.reader.bounds()
        return (oldest, newest) if newest else (0, -1)

    def _take(self, rows: ChosenLines) -> bool:
        before = (rows.first, rows.stop)
        if self.walk is not None:
            self.walk.take(rows)
        rows.prune(self.oldest)
        return before != (rows.first, rows.stop)

    def _begin_anew(self) -> None:
        """Forget a store that was replaced by another."""
        self.pages.clear()
        self._holed = False
        self.choose(self.wanted)
