"""Reading lines: pages for painting, ids for filtering. Blocks the caller, never the writer.

Every thread has a read-only connection of its own. A database that is not there yet, or was taken
away, reads as empty and is opened when it appears. `matching` works block by block and gives up its
thread's turn between two, so that a scan can be abandoned at any chunk; an expression that
backtracks without end is thereby bounded by one block of lines, not by the whole store.
"""

import sqlite3
import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tui.logs.blocks import Block, unpack
from tui.logs.finding import Query, query_for, wanted_lines
from tui.logs.found import Found
from tui.logs.moments import Moments, read_extent, read_moments
from tui.logs.schema import open_for_reading
from tui.model.loglines import Level, LogFilter, LogLine, LogOrigin

BLOCKS_KEPT = 12
COLUMNS = "first, text, times, origins, levels"


class LogReader:
    """Reads one environment's log lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._lock = threading.Lock()
        self._blocks: OrderedDict[tuple[int, int], Block] = OrderedDict()
        self._origins: list[LogOrigin | None] = []
        self._cached_of = 0
        """The inode of the database that blocks and origins were read from."""
        self._heard: Callable[[], object] = lambda: None

    def bounds(self) -> tuple[int, int]:
        """Return the oldest and the newest id, (0, 0) when there are no lines."""
        rows = self._query(
            "SELECT (SELECT min(first) FROM blocks), "
            "(SELECT last FROM blocks ORDER BY first DESC LIMIT 1)"
        )
        if not rows or rows[0][0] is None:
            return 0, 0
        oldest, newest = rows[0]
        return oldest, newest

    def count(self) -> int:
        """Return how many lines there are."""
        rows = self._query("SELECT sum(last - first + 1) FROM blocks")
        return (rows[0][0] or 0) if rows else 0

    def lines(self, ids: Sequence[int]) -> list[LogLine]:
        """Return the lines of these ids, in their order; ids that are no more are left out."""
        found = []
        block: Block | None = None
        for number in ids:
            if block is None or not block.first <= number < block.first + len(block):
                block = self._block_of(number)
            if block is not None:
                found.append(block.line(number - block.first, self._names()))
        return found

    def matching(
        self, wanted: LogFilter, start: int, stop: int, newest_first: bool = True
    ) -> Iterator["array[int]"]:
        """Yield the ids in [start, stop) that pass the filter, a chunk a block, in order.

        Raises `FaultError` at once when an expression of the filter is none.
        """
        return self._matching(query_for(wanted), start, stop, newest_first)

    def found(self, wanted: LogFilter, start: int, stop: int) -> Iterator[Found]:
        """Yield the lines of ids in [start, stop) that pass the filter, a block at a time.

        Each block is read once. Raises `FaultError` as `matching` does.
        """
        return (
            Found(block, indexes, self._names())
            for block, indexes in self._passing(query_for(wanted), start, stop)
        )

    def moments(self, ids: Sequence[int], since: int, until: int) -> Iterator[Moments]:
        """Yield when these ids, which rise, were said: of all blocks with a line in those times."""
        return read_moments(self._query, ids, since, until)

    def extent(self, ids: Sequence[int]) -> tuple[int, int] | None:
        """Return the oldest and the newest time of these ids; None where there are none."""
        return read_extent(self._query, ids)

    def pods(self) -> tuple[str, ...]:
        """Return the names of all pods that said something."""
        rows = self._query(
            "SELECT DISTINCT pod FROM origins WHERE stream IN ('stdout', 'stderr') ORDER BY pod"
        )
        return tuple(pod for (pod,) in rows)

    def revisions(self) -> tuple[int, ...]:
        """Return all revisions that said something, rising."""
        rows = self._query(
            "SELECT DISTINCT revision FROM origins WHERE stream IN ('stdout', 'stderr') "
            "ORDER BY revision"
        )
        return tuple(revision for (revision,) in rows)

    def listen(self, heard: Callable[[], object]) -> None:
        """Have `heard` called, on any thread, whenever this process has written lines."""
        self._heard = heard

    def written(self) -> None:
        """Tell who listens that lines were written; a store's `on_written`."""
        self._heard()

    def size(self) -> int:
        """Return the bytes the database takes."""
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0

    def _matching(
        self, query: Query, start: int, stop: int, newest_first: bool
    ) -> Iterator["array[int]"]:
        for block, indexes in self._passing(query, start, stop, newest_first):
            ids = array("q", (block.first + at for at in indexes))
            if newest_first:
                ids.reverse()
            yield ids

    def _passing(
        self, query: Query, start: int, stop: int, newest_first: bool = False
    ) -> Iterator[tuple[Block, list[int]]]:
        """Yield each block that holds wanted lines, with their indexes, rising."""
        for first in self._candidates(query.wanted, start, stop, newest_first):
            block = self._load(first)
            if block is None:
                continue
            found = wanted_lines(block, query, self._wanted_origins(query))
            if first < start or stop < first + len(block):
                found = [at for at in found if start <= first + at < stop]
            if found:
                yield block, found

    def _candidates(
        self, wanted: LogFilter, start: int, stop: int, newest_first: bool
    ) -> Iterator[int]:
        """Yield the blocks that may hold a wanted line, by what is known of each."""
        order = "DESC" if newest_first else "ASC"
        bits = sum(1 << level for level in Level if level >= wanted.level or not level)
        rows = self._query(
            "SELECT first FROM blocks WHERE last >= ? AND first < ? AND newest >= ? "
            f"AND (? = 0 OR oldest <= ?) AND levels_in & ? ORDER BY first {order}",
            (start, stop, wanted.since, wanted.until, wanted.until, bits),
        )
        return (first for (first,) in rows)

    def _wanted_origins(self, query: Query) -> set[int]:
        """Return the numbers of the origins that pass; separators do while nothing is searched."""
        return {
            number
            for number, origin in enumerate(self._names())
            if origin is not None and _passes(origin, query.wanted, query.searches)
        }

    def _block_of(self, number: int) -> Block | None:
        rows = self._query(
            "SELECT first, last FROM blocks WHERE first <= ? ORDER BY first DESC LIMIT 1", (number,)
        )
        if not rows or rows[0][1] < number:
            return None
        return self._cached(*rows[0])

    def _cached(self, first: int, last: int) -> Block | None:
        """Return a block, of the last few at once; by its end too, for the newest one grows."""
        key = (first, last)
        with self._lock:
            block = self._blocks.get(key)
            if block is not None:
                self._blocks.move_to_end(key)
                return block
        block = self._load(first)
        if block is not None:
            with self._lock:
                self._blocks[key] = block
                while len(self._blocks) > BLOCKS_KEPT:
                    self._blocks.popitem(last=False)
        return block

    def _load(self, first: int) -> Block | None:
        rows = self._query(f"SELECT {COLUMNS} FROM blocks WHERE first = ?", (first,))
        if not rows:
            return None
        block = unpack(*rows[0])
        if max(block.said_by, default=0) >= len(self._origins):
            self._load_origins()
        return block

    def _load_origins(self) -> None:
        rows = self._query("SELECT id, revision, pod, container, restart, stream FROM origins")
        named: list[LogOrigin | None] = [None] * (max((row[0] for row in rows), default=0) + 1)
        for number, *values in rows:
            named[number] = LogOrigin(*values)
        self._origins = named

    def _names(self) -> Sequence[Any]:
        return self._origins

    def _query(self, statement: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Return the rows, none while there is no readable database."""
        try:
            return self._connection().execute(statement, values).fetchall()
        except sqlite3.Error:
            self._forget()
            return []

    def _connection(self) -> sqlite3.Connection:
        inode = self._path.stat().st_ino if self._path.exists() else 0
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None and inode == self._local.inode:
            return connection
        self._forget()
        connection = open_for_reading(self._path)
        self._local.connection, self._local.inode = connection, inode
        return connection

    def _forget(self) -> None:
        """Give up this thread's connection; what was cached of another database goes as well."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
        self._local.connection = None
        inode = self._path.stat().st_ino if self._path.exists() else 0
        with self._lock:
            if inode != self._cached_of:
                self._cached_of = inode
                self._blocks.clear()
                self._origins = []


def _passes(origin: LogOrigin, wanted: LogFilter, searching: bool) -> bool:
    if wanted.pods and origin.pod not in wanted.pods:
        return False
    if wanted.containers and origin.container not in wanted.containers:
        return False
    if wanted.runs and (origin.pod, origin.container, origin.restart) not in wanted.runs:
        return False
    if not _of_revision(origin, wanted):
        return False
    if origin.stream == "marker":
        return (not searching and not wanted.streams) or "marker" in wanted.streams
    return not wanted.streams or origin.stream in wanted.streams


def _of_revision(origin: LogOrigin, wanted: LogFilter) -> bool:
    if not wanted.revisions or origin.pod in wanted.running_on:
        return True
    return origin.revision in wanted.revisions
