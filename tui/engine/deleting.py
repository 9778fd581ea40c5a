"""Deleting: all that an environment has is removed, then its `cleanup` runs."""

from tui.engine.bus import Bus
from tui.engine.tasks import Tasks
from tui.model import events as e
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
