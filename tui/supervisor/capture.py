"""Capture: what a process prints, read in large chunks and written to the spool.

After each read the pipe is left alone for a moment (`BREATH`), so that an app which flushes every
line wakes us 200 times a second, not 50,000 times; the pipe's buffer holds what comes meanwhile.
A line without an end is written after `MOMENT`: it may be a prompt.
The app is never slowed by more than the disk: when writing fails, its output is dropped and
counted by the spool.
"""

import asyncio
import contextlib
import fcntl
import os
from collections.abc import Callable

from tui.supervisor.frames import Origin
from tui.supervisor.splitting import LIMIT, LineSplitter, Piece
from tui.supervisor.spool import SpoolWriter

BREATH = 0.005
MOMENT = 0.5
"""Seconds in which the end of a line should come."""
PIPE_SIZE = 1 << 20
TAIL = 16_384
"""Bytes kept of each stream for the last lines of a process that ended."""
LONGEST = 2_000
"""Characters kept of each of these lines."""


class Capture:
    """Reads one incarnation's stdout and stderr."""

    def __init__(self, spool: SpoolWriter, origin: Origin) -> None:
        self._spool = spool
        self._origin = origin
        self._tails: dict[str, bytes] = {}
        self._readers: list[PipeReader] = []
        self._splitters: dict[str, LineSplitter] = {}
        self._moments: dict[str, asyncio.TimerHandle] = {}

    def open_pipe(self, stream: str) -> int:
        """Begin to read a new pipe and return its writing end, for the process."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            with contextlib.suppress(OSError):  # a user's quota of pipe pages is used up
                fcntl.fcntl(reading, fcntl.F_SETPIPE_SZ, PIPE_SIZE)
        self._readers.append(PipeReader(reading, lambda data: self._take(stream, data)))
        return writing

    async def settle(self, seconds: float) -> None:
        """Wait until the pipes ended, but no longer than so many seconds."""
        if self._readers:
            await asyncio.wait([reader.ended for reader in self._readers], timeout=seconds)

    async def finish(self, seconds: float) -> None:
        """Wait for the pipes' end, then read what is there and close them in any case."""
        await self.settle(seconds)
        for reader in self._readers:
            reader.close()

    def last_lines(self, count: int) -> tuple[str, ...]:
        """Return the last lines printed, those of stderr after those of stdout.

        Which of two pipes was written to first cannot be known, and errors are what one looks for.
        """
        errors = _lines(self._tails.get("stderr", b""))[-count:]
        others = _lines(self._tails.get("stdout", b""))
        return (*others[max(0, len(others) + len(errors) - count) :], *errors)

    def _take(self, stream: str, data: bytes) -> None:
        """Write what a pipe gave; no bytes mean its end."""
        splitter = self._splitters.setdefault(stream, LineSplitter())
        self._write(stream, splitter.feed(data) if data else splitter.close())
        if stream in self._moments:
            self._moments.pop(stream).cancel()
        if data and not data.endswith(b"\n"):
            loop = asyncio.get_running_loop()
            self._moments[stream] = loop.call_later(MOMENT, self._write_rest, stream)
        self._tails[stream] = (self._tails.get(stream, b"") + data[-TAIL:])[-TAIL:]

    def _write_rest(self, stream: str) -> None:
        del self._moments[stream]
        self._write(stream, self._splitters[stream].take_rest())

    def _write(self, stream: str, pieces: list[Piece]) -> None:
        for piece in pieces:
            self._spool.write(self._origin, stream, piece)


def _lines(tail: bytes) -> tuple[str, ...]:
    lines = tail.decode(errors="replace").split("\n")
    return tuple(line.removesuffix("\r")[-LONGEST:] for line in lines if line)


class PipeReader:
    """Reads one pipe whenever there is something, with a breath between two reads."""

    def __init__(self, descriptor: int, take: Callable[[bytes], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._descriptor = descriptor
        self._take = take
        self._breath: asyncio.TimerHandle | None = None
        self._open = True
        self.ended: asyncio.Future[None] = self._loop.create_future()
        self._loop.add_reader(descriptor, self._read)

    def close(self) -> None:
        """Take what the pipe holds now and close it."""
        if self._open:
            self._drain()
        if self._open:
            self._end()

    def _read(self) -> None:
        self._drain()
        if self._open:
            self._loop.remove_reader(self._descriptor)
            self._breath = self._loop.call_later(BREATH, self._resume)

    def _resume(self) -> None:
        self._loop.add_reader(self._descriptor, self._read)

    def _drain(self) -> None:
        """Read until the pipe is empty, but no more than it holds: others want their turn."""
        for _ in range(PIPE_SIZE // LIMIT):
            try:
                chunk = os.read(self._descriptor, LIMIT)
            except BlockingIOError:
                return
            if not chunk:
                self._end()
                return
            self._take(chunk)

    def _end(self) -> None:
        self._open = False
        if self._breath is not None:
            self._breath.cancel()
        self._loop.remove_reader(self._descriptor)
        os.close(self._descriptor)
        self._take(b"")
        if not self.ended.done():
            self.ended.set_result(None)
