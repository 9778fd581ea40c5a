import asyncio
import gc
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from tui.backends.docker.streaming import until


@pytest.fixture
async def complaints() -> list[dict[str, Any]]:
    """Return what the loop is told of tasks whose errors nobody took."""
    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    return told


async def numbers(
    end: asyncio.Event, closed: list[bool], waiting: asyncio.Event
) -> AsyncGenerator[int, None]:
    try:
        yield 1
        waiting.set()
        await end.wait()
    finally:
        closed.append(True)


async def taken(over: asyncio.Event, items: AsyncGenerator[int, None]) -> list[int]:
    async def wait() -> None:
        await over.wait()

    return [item async for item in until(wait(), items)]


async def test_items_come_until_they_end() -> None:
    end, closed = asyncio.Event(), list[bool]()
    end.set()
    assert await taken(asyncio.Event(), numbers(end, closed, asyncio.Event())) == [1]
    assert closed


async def test_what_is_over_ends_them() -> None:
    over, closed = asyncio.Event(), list[bool]()
    over.set()
    assert await taken(over, numbers(asyncio.Event(), closed, asyncio.Event())) in ([], [1])
    assert closed


async def test_who_is_cancelled_leaves_nothing_open_and_nothing_untold(
    complaints: list[dict[str, Any]],
) -> None:
    end, closed, waiting = asyncio.Event(), list[bool](), asyncio.Event()
    taking = asyncio.create_task(taken(asyncio.Event(), numbers(end, closed, waiting)))
    await waiting.wait()
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking
    del taking
    gc.collect()
    assert closed
    assert not complaints
