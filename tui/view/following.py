"""Following: waiting for what makes the cockpit show something else."""

import asyncio

from tui.engine.bus import Subscription
from tui.model.events import Stamped
from tui.model.state import State
from tui.view.ticking import next_tick


async def news(subscription: Subscription, state: State, now: float) -> list[Stamped]:
    """Wait for events; return none as soon as the clock alone changes what is shown."""
    try:
        async with asyncio.timeout(next_tick(state, now)):
            return await subscription.wait()
    except TimeoutError:
        return []
