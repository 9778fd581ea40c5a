"""Merging the log lines of many containers in the order of their times, by a small window.

Lines wait until a later moment's lines have come from somewhere, or for one window; so what arrives
up to a window late is still put in its place. Within one log the order is the log's own: where only
one has said anything and is caught up, nothing is waited for. A batch carries the positions after
just the lines it holds, so that the store commits them together.

Everything runs on one loop: followers `put`, one consumer iterates `batches`.
"""

import asyncio
from bisect import bisect_right
from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import accumulate, chain
from operator import itemgetter

from tui.backends.kubernetes.incarnations import FIRST, Known
from tui.clients.kube.logpositions import BEGINNING, Position, Progress, parse_position
from tui.model.loglines import LogBatch, LogRecord, LogRun

WINDOW = 0.15
"""Seconds that a line may come late."""
ROOM = 50_000
"""Lines waiting, beyond which followers wait in turn."""


@dataclass(slots=True)
class Piece:
    """Lines of one incarnation that arrived together."""

    known: Known
    run: LogRun
    keys: Sequence[int]
    """By which they are merged: their times, never falling within one log."""
    counted: bool
    """Whether they are lines of the log; markers are ours and have no place in it."""

    def cut(self, at: int) -> "tuple[Piece, Piece]":
        """Return the first so many lines, and the rest."""
        return (
            replace(self, run=self.run[:at], keys=self.keys[:at]),
            replace(self, run=self.run[at:], keys=self.keys[at:]),
        )


@dataclass(slots=True)
class Source:
    """The lines of one container that wait, and the position before them."""

    known: Known = FIRST
    progress: Progress = field(default_factory=Progress)
    newest: int = 0
    waiting: deque[Piece] = field(default_factory=deque)

    def take(self, until: int) -> list[Piece]:
        """Take the foremost lines whose keys are not beyond `until`."""
        taken = list[Piece]()
        while self.waiting and self.waiting[0].keys[0] <= until:
            piece = self.waiting.popleft()
            if piece.keys[-1] > until:
                piece, rest = piece.cut(bisect_right(piece.keys, until))
                self.waiting.appendleft(rest)
            taken.append(piece)
            self._count(piece)
        return taken

    def _count(self, piece: Piece) -> None:
        if piece.known.restart != self.known.restart:
            self.progress = Progress()
        self.known = piece.known
        if piece.counted:
            self.progress.take(piece.run.times)

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

    async def put(self, source: str, known: Known, run: LogRun, *, counted: bool = True) -> None:
        """Take lines of one incarnation, after waiting for room; markers are not `counted`."""
        await self._room.wait()
        to = self._source(source)
        keys = _rising(to.newest, run.times)
        to.newest = keys[-1]
        to.waiting.append(Piece(known, run, keys, counted))
        self._newest = max(self._newest, to.newest)
        self._lines += len(run)
        self._arrived.set()
        if self._lines >= ROOM:
            self._full.set()
            self._room.clear()

    def catch_up(self) -> None:
        """Have a batch without records follow what was put so far."""
        self._owed = self._newest
        self._arrived.set()
        if self._alone:
            self._full.set()

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
        if self._owed is not None and self._alone:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(WINDOW):
                await self._full.wait()

    @property
    def _alone(self) -> bool:
        """Whether there is one source at most: caught up with, there are no lines to wait for."""
        return len(self._sources) <= 1

    def take(self, until: int) -> LogBatch | None:
        """Take the lines not beyond `until`, None where there are none."""
        taken, positions = list[Piece](), dict[str, str]()
        for name, source in self._sources.items():
            if pieces := source.take(until):
                taken += pieces
                positions[name] = str(source)
        self._lines -= sum(len(piece.run) for piece in taken)
        if self._lines < ROOM:
            self._full.clear()
            self._room.set()
        if not taken:
            return None
        if len(positions) == 1 and len({piece.run.origin for piece in taken}) == 1:
            return LogBatch("", "", _joined([piece.run for piece in taken]), positions)
        return LogBatch("", "", _merged(taken), positions)

    def _source(self, name: str) -> Source:
        if name not in self._sources:
            known, position = parse_source(self._positions.get(name, ""))
            self._sources[name] = Source(known, Progress(position))
        return self._sources[name]


def _rising(newest: int, times: Sequence[int]) -> Sequence[int]:
    """Return times as they are where none falls below one before it, else the newest so far."""
    if times[0] >= newest and times == sorted(times):
        return times
    return list(accumulate(times, max, initial=newest))[1:]


def _joined(runs: list[LogRun]) -> LogRun:
    """Join runs of one log, which are in its order."""
    times = chain.from_iterable(run.times for run in runs)
    messages = chain.from_iterable(run.messages for run in runs)
    return LogRun(runs[0].origin, list(times), list(messages))


def _merged(pieces: list[Piece]) -> list[LogRecord]:
    """Return the lines of several logs in the order of their keys."""
    pairs = [pair for piece in pieces for pair in zip(piece.keys, piece.run, strict=True)]
    pairs.sort(key=itemgetter(0))
    return [record for _, record in pairs]
