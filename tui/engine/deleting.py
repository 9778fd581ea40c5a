"""Deleting: all that an environment has is removed, then its `cleanup` runs."""

import contextlib

from tui.engine.bus import Bus
from tui.engine.tasks import Tasks
from tui.model import events as e
from tui.model.faults import FaultError
from tui.ports.backend import Backend


async def delete(backend: Backend, tasks: Tasks, bus: Bus, *, purge: bool) -> None:
    """Delete it and tell the end, whatever it is; raises FaultError."""
    bus.publish(e.DeletionStarted())
    removed = False
    try:
        await backend.delete(bus.publish, purge=purge)
        removed = True
        await tasks.after_delete(bus.publish)
    finally:
        bus.publish(e.EnvironmentDeleted() if removed else e.DeletionStopped())


async def tell_deleted_meanwhile(backend: Backend, bus: Bus) -> None:
    """Tell that another redraft deleted the environment, unless it is there again by now."""
    if not (bus.state.rollout and bus.state.rollout.revision):
        bus.publish(e.EnvironmentDeleted(elsewhere=True))
        return
    with contextlib.suppress(FaultError):  # out of reach: the next iteration reads it and tells
        bus.publish(e.HistoryLoaded(await backend.releases()))
