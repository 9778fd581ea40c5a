"""Work that goes on elsewhere when whoever began it is cancelled: it is waited for even then."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def to_its_end(work: Coroutine[Any, Any, T], patience: float | None = None) -> T:
    """Do work; a cancellation is heeded once that has ended, or after `patience` seconds."""
    going = asyncio.create_task(work)
    try:
        return await asyncio.shield(going)
    except asyncio.CancelledError:
        await asyncio.wait((going,), timeout=patience)
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)
        raise
