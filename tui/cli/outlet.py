"""The outlet: lines for stdout and stderr, written by a thread, so no reader can hold up the loop.

`put` only queues; lines for the two stay in one order. The thread hands them to the reader as fast
as it takes them. Of a reader that has stopped, `KEPT` lines wait; beyond these the oldest are given
up, which shows as a gap in the events' numbers. A reader that went away is told nothing more.
Whoever closes the outlet waits until the reader has taken what is queued, as any program waits at
its end; by then the engine is closed, and after an interrupt the wait is short. The thread writes
to the descriptor and not to `sys.stdout`, whose lock would keep the interpreter from ending while a
write is stuck.
"""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import AsyncIterator

import click

from tui.cli.descriptors import write_line

KEPT = 10_000
"""Lines that wait for a reader that has stopped."""
INTERRUPTED = 1.0
"""Seconds the reader is waited for after an interrupt."""
STDOUT, STDERR = 1, 2


class Outlet:
    """Lines on their way to a reader."""

    def __init__(self, kept: int = KEPT) -> None:
        self._lines: deque[tuple[int, str]] = deque(maxlen=kept)
        self._changed = threading.Condition()
        self._closed = False
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self._work, name="outlet", daemon=True)
        self._thread.start()

    def put(self, line: str, descriptor: int = STDOUT) -> None:
        """Queue a line; never waits."""
        with self._changed:
            self._lines.append((descriptor, line))
            self._changed.notify()

    async def close(self) -> None:
        """Wait until everything queued was taken by the reader, or the reader went away."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        await self._ended.wait()

    def _work(self) -> None:
        try:
            while (next_line := self._next()) is not None:
                descriptor, line = next_line
                write_line(descriptor, line)
        except OSError:
            pass  # the reader went away: there is nobody to tell anything, this least of all
        finally:
            with contextlib.suppress(RuntimeError):  # interrupted: the loop is closed already
                self._loop.call_soon_threadsafe(self._ended.set)

    def _next(self) -> tuple[int, str] | None:
        """Wait for a line and return it; None when there will be no more."""
        with self._changed:
            self._changed.wait_for(lambda: self._lines or self._closed)
            return self._lines.popleft() if self._lines else None


@contextlib.asynccontextmanager
async def open_outlet() -> AsyncIterator[Outlet]:
    """Open an outlet; at the end of the `async with` the reader gets what is queued."""
    outlet, patience = Outlet(), None
    try:
        yield outlet
    except asyncio.CancelledError:
        patience = INTERRUPTED
        raise
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await outlet.close()


def put_now(line: str, descriptor: int) -> None:
    """Write a line where nothing else goes on that a slow reader could hold up."""
    click.echo(line, err=descriptor == STDERR)
