"""Defining: waiting until the API server has taken up a definition that was just applied.

For a moment after it was made its kind is not served, with several API servers for some seconds,
and after it was changed the schema of before may still be the one that is compared with. Nothing in
the definition's status tells when the latter is over.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tui.model.faults import FaultError

T = TypeVar("T")
PATIENCE = 10.0
"""Seconds after which what is refused is not refused for a definition that is too new."""
LOOK = 0.2
"""Seconds between two tries."""
TOO_NEW = frozenset({"kind-unknown", "api-not-found", "api-invalid"})
"""What is answered to an object of a kind whose definition is not taken up yet."""


async def once_defined(change: Callable[[], Awaitable[T]]) -> T:
    """Do what asks for an object of a kind that was just defined; raises its FaultError."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return await change()
        except FaultError as error:
            if error.fault.code not in TOO_NEW or time.monotonic() > until:
                raise
        await asyncio.sleep(LOOK)
