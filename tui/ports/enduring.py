"""Enduring: work that whoever waits for it may not leave, because it goes on all the same.

A thread cannot be stopped, nor a call that an engine has heard. Where a task that waits for one
under a lock is cancelled, the lock must not be given back before that is through: the next holder
would meet it.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def to_its_end(work: Awaitable[T], patience: float = float("inf")) -> T:
    """Wait until `work` has ended, and obey a cancellation that came meanwhile only then.

    After it came the work gets so many seconds more; then it is cancelled as well.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await _over(task, time.monotonic() + patience)
        raise


async def _over(task: "asyncio.Future[T]", deadline: float) -> None:
    while not task.done() and time.monotonic() < deadline:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([task], timeout=min(1.0, deadline - time.monotonic()))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
