"""Threads for calls that may hang: redraft ends without waiting for them.

Python joins the threads of its own pools before it ends, also of those that were shut down. So a
call to a service that does not answer would hold up the end of redraft until it is given up.
"""

import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
Work = tuple[Future[Any], Callable[[], Any]]


class DaemonThreads(Executor):
    """Runs calls in threads, at most so many at once; a thread that is free takes the next one."""

    def __init__(self, most: int, name: str) -> None:
        self._most = most
        self._name = name
        self._threads = 0
        self._free = threading.Semaphore(0)
        self._queue: queue.SimpleQueue[Work | None] = queue.SimpleQueue()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a call made; called on one thread only."""
        done: Future[T] = Future()
        self._queue.put((done, partial(fn, *args, **kwargs)))
        if not self._free.acquire(blocking=False) and self._threads < self._most:
            self._threads += 1
            threading.Thread(target=self._work, name=self._name, daemon=True).start()
        return done

    def close(self) -> None:
        """Give up what has not begun; free threads end, and others once their call has ended."""
        with contextlib.suppress(queue.Empty):
            while work := self._queue.get_nowait():
                work[0].cancel()
        for _ in range(self._threads):
            self._queue.put(None)

    def _work(self) -> None:
        while (work := self._queue.get()) is not None:
            _make(*work)
            self._free.release()


def _make(done: "Future[Any]", call: Callable[[], Any]) -> None:
    if not done.set_running_or_notify_cancel():
        return
    try:
        done.set_result(call())
    except BaseException as error:  # noqa: BLE001 - it is raised where the call was asked for
        done.set_exception(error)
