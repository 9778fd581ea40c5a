"""Watching: what the watcher sees, told with the means by which it sees."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable

from tui.engine.bus import Bus
from tui.model import events as e
from tui.model.changes import Commit
from tui.model.faults import FaultError
from tui.model.frozen import frozen
from tui.ports.watching import Group, Repository, Watcher

NEWS = 1.0
"""Seconds within which the watcher has told of a change that something else met already."""


class Repose:
    """Whether files are at rest, as far as the watcher has told."""

    def __init__(self, *, watches: bool) -> None:
        self._watches = watches
        self._stirred = asyncio.Event()
        self._rested = asyncio.Event()
        self._rested.set()

    def stirs(self) -> None:
        """Learn that files are changing."""
        self._stirred.set()
        self._rested.clear()

    def rests(self) -> None:
        """Learn that they are at rest, and what they led to is asked for."""
        self._stirred.clear()
        self._rested.set()

    async def again(self) -> None:
        """Wait until what is changing now is at rest; not at all where nobody watches."""
        if self._watches:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(NEWS):
                    await self._stirred.wait()
            await self._rested.wait()
            await asyncio.sleep(0)  # the loop was kicked before: what it decides goes first


@frozen
class Beside:
    """What goes on beside an iteration."""

    repose: Repose
    entered: Callable[[], None]
    """Called at the begin of every stage: what waits may not wait for this iteration."""


async def watched(watcher: Watcher, bus: Bus, repose: Repose) -> AsyncGenerator[Group, None]:
    """Yield what changed, and tell when watching ends with a fault and when it goes on again.

    An empty group at rest comes first, both times, and after a fault.
    """
    while True:
        try:
            async for group in watcher.changes():
                _tell_mode(watcher, bus)
                if not group.at_rest:
                    repose.stirs()
                yield group
                if group.at_rest:
                    repose.rests()
        except FaultError as error:
            repose.rests()
            bus.publish(e.WatchFailed(error.fault))
            yield Group((), at_rest=True)
        await watcher.possible()


async def where_git_stands(repository: Repository, group: Group, before: Commit) -> Commit:
    """Return it as it was when the group changed last, or now if git moved meanwhile.

    Nothing led to anything `before`, and a folder that is gone stands nowhere.
    """
    if not group.changes:
        return before
    known = repository.unmoved() if group.told else None
    return known or await repository.commit()


def _tell_mode(watcher: Watcher, bus: Bus) -> None:
    known = bus.state.watch
    if (watcher.mode, watcher.reason) != (known.mode, known.reason):
        bus.publish(e.WatchStarted(watcher.mode, watcher.reason))
