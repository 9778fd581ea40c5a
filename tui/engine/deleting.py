"""Deleting: all that an environment has is removed, then its `cleanup` runs.

It is done under the environment's lock, like an iteration: what another redraft deploys meanwhile
would be left behind, or be taken from under its deploy.
"""

import contextlib

from tui.engine.bus import Bus
from tui.engine.locking import PATIENCE, held
from tui.engine.means import Means
from tui.model import events as e
from tui.model.faults import FaultError
from tui.ports.backend import Backend


async def delete(means: Means, bus: Bus, *, purge: bool) -> None:
    """Delete it and tell the end, whatever it is; raises FaultError."""
    bus.publish(e.DeletionStarted())
    removed = False
    try:
        async with held(means.lock, PATIENCE, bus.publish):
            await means.backend.delete(bus.publish, purge=purge)
            removed = True
            await means.tasks.after_delete(bus.publish)
    finally:
        bus.publish(e.EnvironmentDeleted() if removed else e.DeletionStopped())


async def tell_deleted_meanwhile(backend: Backend, bus: Bus) -> None:
    """Tell that another redraft deleted the environment, unless it is there again by now."""
    if not (bus.state.rollout and bus.state.rollout.revision):
        bus.publish(e.EnvironmentDeleted(elsewhere=True))
        return
    with contextlib.suppress(FaultError):  # out of reach: the next iteration reads it and tells
        bus.publish(e.HistoryLoaded(await backend.releases()))
