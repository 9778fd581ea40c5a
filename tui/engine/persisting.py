"""Persisting: what goes on for as long as redraft does begins anew whenever it ended.

Somebody waits for what comes of it, a verdict or log lines, and what is out of reach or full is so
for a while only.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import NoReturn

from tui.engine.bus import Bus
from tui.engine.outcomes import unexpected
from tui.model import events as e
from tui.model.faults import Fault, FaultError

ANEW, RARELY = 0.5, 10.0
"""Seconds before it begins anew, at first and at most."""
WELL = 60.0
"""Seconds after which it counts as having gone well: what ends it then is news."""


async def persist(doing: str, work: Callable[[], Awaitable[None]], bus: Bus) -> NoReturn:
    """Do something again and again, until cancelled; what ends it is told, once while it is so."""
    pause, told = ANEW, None
    while True:
        began = time.monotonic()
        fault = await _ended_by(doing, work)
        if time.monotonic() - began > WELL:
            pause, told = ANEW, None
        if fault is not None and fault != told:
            bus.publish(e.FaultRaised(fault))
        told = fault
        await asyncio.sleep(pause)
        pause = min(2 * pause, RARELY)


async def _ended_by(doing: str, work: Callable[[], Awaitable[None]]) -> Fault | None:
    try:
        await work()
    except FaultError as error:
        return error.fault
    except Exception as error:  # noqa: BLE001 - told, with its traceback in the log file
        return unexpected(error, doing)
    return None
