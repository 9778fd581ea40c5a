"""Locking: at most one redraft deploys or deletes an environment at a time."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tui.engine.outcomes import locked_out, waiting_for
from tui.model.events import Noticed
from tui.model.faults import FaultError
from tui.ports.backend import Tell
from tui.ports.locking import Lock

PATIENCE = 30.0
"""Seconds to wait for another redraft to be done with the environment."""
LOOK = 0.1
"""Seconds between two looks at a lock that another process holds."""
UNNOTICED = 1.0
"""Seconds that may pass before it is told what is waited for."""


@asynccontextmanager
async def held(lock: Lock, patience: float, tell: Tell) -> AsyncIterator[None]:
    """Hold the lock inside; raises FaultError when it does not come free within `patience`."""
    began, told = time.monotonic(), False
    while not lock.acquire():
        waited = time.monotonic() - began
        if waited > patience:
            raise FaultError(locked_out(lock.holder()))
        if waited > UNNOTICED and not told:
            told = True
            tell(Noticed(waiting_for(lock.holder())))
        await asyncio.sleep(LOOK)
    try:
        yield
    finally:
        lock.release()
