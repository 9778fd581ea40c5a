"""Watching: what the watcher sees, told with the means by which it sees."""

from collections.abc import AsyncGenerator

from tui.engine.bus import Bus
from tui.model import events as e
from tui.model.changes import Commit
from tui.model.faults import FaultError
from tui.ports.watching import Group, Repository, Watcher


async def watched(watcher: Watcher, bus: Bus) -> AsyncGenerator[Group, None]:
    """Yield what changed, until watching ends with a fault; an empty group then is the last."""
    try:
        async for group in watcher.changes():
            _tell_mode(watcher, bus)
            yield group
    except FaultError as error:
        bus.publish(e.WatchFailed(error.fault))
        yield Group((), at_rest=True)


async def where_git_stands(repository: Repository, group: Group) -> Commit:
    """Return it as it was when the group changed last, or now if git moved meanwhile."""
    known = repository.unmoved() if group.told else None
    return known or await repository.commit()


def _tell_mode(watcher: Watcher, bus: Bus) -> None:
    known = bus.state.watch
    if (watcher.mode, watcher.reason) != (known.mode, known.reason):
        bus.publish(e.WatchStarted(watcher.mode, watcher.reason))
