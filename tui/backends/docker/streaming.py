"""Streams that are left when something else is over."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from typing import TypeVar

T = TypeVar("T")


async def until(
    over: Coroutine[None, None, None], items: AsyncGenerator[T, None]
) -> AsyncGenerator[T, None]:
    """Yield items until they end or `over` returns, whichever is first."""
    ending = asyncio.create_task(over)
    try:
        async with aclosing(items):
            while True:
                coming = asyncio.ensure_future(anext(items))
                try:
                    await asyncio.wait((coming, ending), return_when=asyncio.FIRST_COMPLETED)
                finally:  # ours may be cancelled here, and `items` cannot be closed under way
                    if left := coming.cancel():
                        await asyncio.gather(coming, return_exceptions=True)
                if left:
                    return
                try:
                    yield coming.result()
                except StopAsyncIteration:
                    return
    finally:
        ending.cancel()
