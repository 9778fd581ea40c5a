"""The store: takes log lines at any rate and writes them on a thread of its own.

`put` only queues. The writer's thread takes what has come, at most `SLICE` lines at a time (so that
no call into SQLite or the sanitiser keeps the interpreter for long: the screen shares it), and
commits lines and positions together. When the disk is full or the database is taken away the lines
stay in the queue and the write is tried again; only beyond `KEPT` lines the oldest are given up,
and then a line in the log says how many. The thread never dies of an error: it tells `on_fault`,
once for each kind of trouble.
"""

import asyncio
import contextlib
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path

from tui.logs.flushing import Flush, answered
from tui.logs.opening import is_full, open_store
from tui.logs.positions import committed_positions, positions_after
from tui.logs.retention import Limits, prune, used
from tui.logs.schema import damaged, set_aside
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.model.loglines import LogBatch, LogRecord

PAUSE = 0.03
"""Seconds to gather lines between two commits."""
SLICE = 4_000
KEPT = 400_000
"""Lines that may wait for a disk that takes none."""
RETRY = 1.0
LOOK_AFTER = 5.0
"""Seconds between two looks at the limits."""


@frozen
class Forget:
    """All lines, written and waiting, are to be forgotten."""


class LogStore:
    """Writes one environment's log lines; implements `tui.ports.logstore.LogSink`."""

    def __init__(
        self,
        path: Path,
        limits: Limits | None = None,
        on_fault: Callable[[Fault], object] = lambda fault: None,
    ) -> None:
        self._path = path
        self._limits = limits or Limits()
        self.on_fault = on_fault
        """Called on the writer's thread, once for each kind of trouble."""
        self.on_written: Callable[[], object] = lambda: None
        """Called on the writer's thread whenever lines were committed."""
        self._queue: queue.SimpleQueue[LogBatch | Flush | Forget | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="log store", daemon=True)
        self._awaited = threading.Event()
        """Set after a flush or the end was queued: then nothing more is gathered."""
        self._positions: dict[str, str] = {}
        self._put = 0
        self._done = 0
        self._trouble = ""
        self._lost = 0
        """Lines given up since the last one that was written."""
        self._ending = False
        self._next = 1
        self._batches: deque[LogBatch] = deque()
        self._flushes: list[Flush] = []

    def start(self) -> None:
        """Open the database and begin to write; raises FaultError when it cannot be used."""
        try:
            self._open()
        except (sqlite3.Error, OSError) as error:
            raise FaultError(_fault(error, self._path)) from error
        self._thread.start()

    def put(self, batch: LogBatch) -> None:
        """Queue a batch."""
        self._put += len(batch.records)
        self._queue.put(batch)

    def backlog(self) -> int:
        """Return how many lines are queued and not yet committed."""
        return self._put - self._done

    async def flush(self) -> None:
        """Wait until everything put so far is committed; raises FaultError when it cannot be."""
        done: Future[None] = Future()
        self._queue.put(Flush(self._put, done))
        self._awaited.set()
        await asyncio.wrap_future(done)

    def forget(self) -> None:
        """Begin an empty database, for an environment that was deleted."""
        self._queue.put(Forget())

    def positions(self) -> Mapping[str, str]:
        """Return the committed position of every source, kept up to date.

        They are read anew: another redraft may have collected since this store was opened.
        """
        with contextlib.suppress(sqlite3.Error):  # what is wrong with the file a write will tell
            self._positions.update(committed_positions(self._path))
        return self._positions

    def size(self) -> int:
        """Return the bytes the store takes on disk."""
        size = 0
        for suffix in ("", "-wal"):
            with contextlib.suppress(FileNotFoundError):
                size += self._path.with_name(self._path.name + suffix).stat().st_size
        return size

    async def close(self) -> None:
        """Write everything that was put and end the thread."""
        self._queue.put(None)
        self._awaited.set()
        await asyncio.to_thread(self._thread.join)

    def _open(self) -> None:
        self._inode = 0  # none is open until this has gone well
        database, self._writer = open_store(self._path, self._next)
        self._connection, self._inode = database

    def _work(self) -> None:
        looked_after = 0.0
        while not self._ending or self._batches:
            self._take()
            written = self._write()
            self._answer(written)
            if not written and self._ending:
                break  # the disk takes nothing and nobody waits any longer
            if not written:
                time.sleep(RETRY)  # noqa: TID251 - this thread has nothing else to do
            elif time.monotonic() - looked_after > LOOK_AFTER or self._too_large():
                looked_after = time.monotonic()
                self._look_after()
        self._answer(not self._batches)
        self._connection.close()

    def _take(self) -> None:
        """Take all there is, after waiting for something to do and for what comes with it.

        Not for the latter when someone waits for us.
        """
        if not self._batches:
            try:
                self._sort(self._queue.get(timeout=LOOK_AFTER))
            except queue.Empty:
                return
            if self._queue.empty() and not self._ending and not self._flushes:
                self._awaited.wait(PAUSE)
        self._awaited.clear()
        with contextlib.suppress(queue.Empty):
            while True:
                self._sort(self._queue.get_nowait())
        self._give_up_beyond(KEPT)

    def _sort(self, item: LogBatch | Flush | Forget | None) -> None:
        if item is None:
            self._ending = True
        elif isinstance(item, Forget):
            self._forget()
        elif isinstance(item, LogBatch):
            self._batches.append(item)
        else:
            self._flushes.append(item)

    def _forget(self) -> None:
        """Take the database away; the next write makes another.

        One that another redraft has made since, in place of ours, holds what came afterwards.
        """
        self._positions.clear()
        if self._path.exists() and not self._present():
            return
        self._done += sum(len(batch.records) for batch in self._batches)
        self._batches.clear()
        self._lost = 0
        try:
            for suffix in ("-wal", "-shm", ""):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        except OSError as error:
            self._tell(error)
        self.on_written()

    def _give_up_beyond(self, kept: int) -> None:
        """Drop the oldest waiting lines when too many wait."""
        while self._trouble and self.backlog() > kept and len(self._batches) > 1:
            lost = len(self._batches.popleft().records)
            self._done += lost
            self._lost += lost

    def _loss(self) -> list[LogRecord]:
        """Return the line that says what was lost, where anything was."""
        if not self._lost:
            return []
        text = f"{self._lost} lines were lost: {self._trouble}"
        return [LogRecord(time.time_ns(), 0, "redraft", "", 0, "marker", text)]

    def _write(self) -> bool:
        """Commit a slice of what was taken; False when it has to be tried again."""
        if not self._batches:
            return True
        batches = self._slice()
        parts = [batch.records for batch in batches]
        positions = positions_after(batches)
        try:
            if not self._present():
                self._connection.close()
                self._open()
            self._writer.write([self._loss(), *parts], positions)
            self._next = self._writer.next_id()
        except (sqlite3.Error, OSError, FaultError) as error:
            self._suffer(error)
            return False
        self._positions.update(positions)
        self._done += sum(map(len, parts))
        for _ in batches:
            self._batches.popleft()
        self._trouble, self._lost = "", 0
        self.on_written()
        return True

    def _slice(self) -> list[LogBatch]:
        """Return the oldest batches, about `SLICE` lines of them."""
        batches, lines = list[LogBatch](), 0
        for batch in self._batches:
            if batches and lines + len(batch.records) > SLICE:
                break
            batches.append(batch)
            lines += len(batch.records)
        return batches

    def _suffer(self, error: Exception) -> None:
        """Tell a failed write; of a damaged database, make room for a new one."""
        self._tell(error)
        if damaged(error) and self._present():  # not what another redraft has made in its place
            with contextlib.suppress(OSError):
                set_aside(self._path)

    def _present(self) -> bool:
        """Whether the database is still where we opened it."""
        try:
            return self._path.stat().st_ino == self._inode
        except FileNotFoundError:
            return False

    def _answer(self, written: bool) -> None:
        """Tell who waits for a flush: that all is written, or that it cannot be."""
        self._flushes = answered(self._flushes, self._done, None if written else self._fault)

    def _tell(self, error: Exception) -> None:
        known = error.fault if isinstance(error, FaultError) else None
        self._fault = known or _fault(error, self._path)
        if self._trouble != str(error):
            self._trouble = str(error)
            self.on_fault(self._fault)

    def _too_large(self) -> bool:
        try:
            return used(self._connection) > self._limits.size
        except sqlite3.Error:
            return False  # the next write will tell

    def _look_after(self) -> None:
        try:
            while prune(self._connection, self._limits) and self._queue.empty():
                pass
        except sqlite3.Error as error:
            self._tell(error)


def _fault(error: Exception, path: Path) -> Fault:
    full = "full" in str(error) or getattr(error, "errno", 0) == 28 or is_full(path.parent)
    return Fault(
        "disk-full" if full else "logs-unwritable",
        "log lines cannot be stored: the disk is full" if full else "log lines cannot be stored",
        kind="usage",
        evidence=(str(error), str(path)),
        remedy="free some space; what waits is written then" if full else "look at the file",
    )
