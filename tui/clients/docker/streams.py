"""Streams: a blocking iteration of the SDK, run in a thread, read on the loop.

The thread appends to a list that the loop takes away whole, so that a flood costs one wake-up a
batch; a reader that falls behind stops the thread, and by it the engine. Whoever stops reading
shuts the connection, which wakes the thread wherever it reads; a thread that has no connection yet
ends at the first sign of one.
"""

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator, Callable, Iterable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from docker import APIClient

T = TypeVar("T")
FULL = 10_000
"""Items that wait until the thread is stopped."""


class Stream(Generic[T]):
    """One iteration; `closed` may be asked by whoever feeds the engine."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._ready = asyncio.Event()
        self._room = threading.Condition()
        self._items: list[T] = []
        self._response: Any = None
        self.closed = False

    async def read(
        self, threads: Executor, work: Callable[["Stream[T]"], None]
    ) -> AsyncGenerator[T, None]:
        """Run `work` in a thread and yield what it puts; raises what it raises."""
        running = asyncio.wrap_future(threads.submit(work, self))
        running.add_done_callback(lambda _: self._ready.set())
        try:
            while not (running.done() and not self._items):
                await self._ready.wait()
                for item in self._take():
                    yield item
            await running
        finally:
            self.close()
            running.add_done_callback(lambda done: done.cancelled() or done.exception())

    def pump(self, client: "APIClient", begin: Callable[["APIClient"], Iterable[T]]) -> None:
        """Put all items of an iteration, in the thread."""
        if self.closed:
            return
        client.hooks["response"].append(self._opened)
        for item in begin(client):
            if not self._put(item):
                return

    def close(self) -> None:
        """Let go of thread and connection."""
        with self._room:
            self.closed = True
            self._room.notify_all()
        self._shut()

    def _take(self) -> list[T]:
        with self._room:
            items, self._items = self._items, []
            self._ready.clear()
            self._room.notify_all()
        return items

    def _put(self, item: T) -> bool:
        with self._room:
            while len(self._items) >= FULL and not self.closed:
                self._room.wait()
            if self.closed:
                return False
            self._items.append(item)
            if len(self._items) == 1:
                self._loop.call_soon_threadsafe(self._ready.set)
        return True

    def _opened(self, response: Any, *_: Any, stream: bool = False, **__: Any) -> None:
        """Keep the connection of the call that streams; the SDK may make others beside it."""
        if stream:
            self._response = response
        if self.closed:
            self._shut()

    def _shut(self) -> None:
        """Shut the connection, where there is one."""
        if self._response is not None:
            # not sooner: of two threads that import parts of the SDK at once, one would fail
            from docker.types import CancellableStream

            with contextlib.suppress(OSError, AttributeError):  # it may be shut already
                CancellableStream(iter(()), self._response).close()
