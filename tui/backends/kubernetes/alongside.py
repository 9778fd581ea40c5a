"""Doing something alongside, for as long as something else needs it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager


@asynccontextmanager
async def alongside(
    work: Coroutine[None, None, object], ended: Callable[[], None]
) -> AsyncIterator["asyncio.Task[object]"]:
    """Do `work` while the `async with` lasts; `ended` is called when it ends, however it does."""
    task = asyncio.create_task(work)
    task.add_done_callback(lambda _: ended())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
