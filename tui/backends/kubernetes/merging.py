"""Merging the log lines of many containers in the order of their times, by a small window.

Lines wait until a later moment's lines have come from somewhere, or for one window; so what arrives
up to a window late is still put in its place. Within one log the order is the log's own. A batch
carries the positions after just the lines it holds, so that the store commits them together.

Everything runs on one loop: followers `put`, one consumer iterates `batches`.
"""

import asyncio
from bisect import bisect_right
from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import accumulate
from operator import itemgetter

from tui.backends.kubernetes.incarnations import FIRST, Known
from tui.clients.kube.logpositions import BEGINNING, Position, Progress, parse_position
from tui.model.loglines import LogBatch, LogRecord

WINDOW = 0.15
"""Seconds that a line may come late."""
ROOM = 50_000
"""Lines waiting, beyond which followers wait in turn."""


@dataclass(slots=True)
class Piece:
    """Lines of one incarnation that arrived together."""

    known: Known
    records: list[LogRecord]
    keys: list[int]
    """By which they are merged: their times, never falling within one log."""
    counted: bool
    """Whether they are lines of the log; markers are ours and have no place in it."""


@dataclass(slots=True)
class Source:
    """The lines of one container that wait, and the position before them."""

    known: Known = FIRST
    progress: Progress = field(default_factory=Progress)
    newest: int = 0
    waiting: deque[Piece] = field(default_factory=deque)

    def take(self, until: int) -> list[tuple[int, LogRecord]]:
        """Take the foremost lines whose keys are not beyond `until`."""
        taken = list[tuple[int, LogRecord]]()
        while self.waiting and self.waiting[0].keys[0] <= until:
            piece = self.waiting[0]
            cut = bisect_right(piece.keys, until)
            taken += zip(piece.keys[:cut], piece.records[:cut], strict=True)
            self._count(piece, cut)
            if cut == len(piece.keys):
                self.waiting.popleft()
            else:
                del piece.keys[:cut], piece.records[:cut]
                break
        return taken

    def _count(self, piece: Piece, cut: int) -> None:
        if piece.known.restart != self.known.restart:
            self.progress = Progress()
        self.known = piece.known
        if piece.counted:
            self.progress.take([record.time for record in piece.records[:cut]])

    def __str__(self) -> str:
        return f"{self.known.restart}@{self.progress.position}@{self.known.container}"


def parse_source(text: str) -> tuple[Known, Position]:
    """Read an incarnation and the position in its log; what is none is the first's beginning."""
    restart, _, place = text.partition("@")
    position, _, container = place.partition("@")
    if not restart.isdecimal():
        return FIRST, BEGINNING
    return Known(int(restart), container), parse_position(position)


class Merger:
    """Takes lines of many sources and gives them in order."""

    def __init__(self, positions: Mapping[str, str]) -> None:
        self._positions = positions
        self._sources: dict[str, Source] = {}
        self._lines = 0
        self._newest = 0
        self._owed: int | None = None
        self._failure: BaseException | None = None
        self._arrived = asyncio.Event()
        self._full = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    async def put(
        self, source: str, known: Known, records: Sequence[LogRecord], *, counted: bool = True
    ) -> None:
        """Take lines of one incarnation, after waiting for room; markers are not `counted`."""
        await self._room.wait()
        to = self._source(source)
        keys = list(accumulate((record.time for record in records), max, initial=to.newest))[1:]
        to.newest = keys[-1]
        to.waiting.append(Piece(known, list(records), keys, counted))
        self._newest = max(self._newest, to.newest)
        self._lines += len(records)
        self._arrived.set()
        if self._lines >= ROOM:
            self._full.set()
            self._room.clear()

    def catch_up(self) -> None:
        """Have a batch without records follow what was put so far."""
        self._owed = self._newest
        self._arrived.set()

    def fail(self, failure: BaseException) -> None:
        """Have `batches` raise what ended a follower."""
        self._failure = failure
        self._arrived.set()

    async def batches(self) -> AsyncGenerator[LogBatch, None]:
        """Yield what came in, in order, until cancelled."""
        while True:
            until = self._newest
            await self._window()
            if batch := self.take(until):
                yield batch
            if self._owed is not None and until >= self._owed:
                self._owed = None
                yield LogBatch("", "", ())

    async def _window(self) -> None:
        """Wait until there are lines, and a window longer for those that come late."""
        if not self._lines and self._owed is None and not self._failure:
            self._arrived.clear()
            await self._arrived.wait()
        if self._failure:
            raise self._failure
        with suppress(TimeoutError):
            async with asyncio.timeout(WINDOW):
                await self._full.wait()

    def take(self, until: int) -> LogBatch | None:
        """Take the lines not beyond `until`, None where there are none."""
        taken, positions = list[tuple[int, LogRecord]](), dict[str, str]()
        for name, source in self._sources.items():
            if lines := source.take(until):
                taken += lines
                positions[name] = str(source)
        self._lines -= len(taken)
        if self._lines < ROOM:
            self._full.clear()
            self._room.set()
        if not taken:
            return None
        taken.sort(key=itemgetter(0))
        return LogBatch("", "", [record for _, record in taken], positions)

    def _source(self, name: str) -> Source:
        if name not in self._sources:
            known, position = parse_source(self._positions.get(name, ""))
            self._sources[name] = Source(known, Progress(position))
        return self._sources[name]
