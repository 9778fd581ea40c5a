"""Background: the tasks that live as long as the engine.

A task that fails becomes a fault on the screen with its traceback in the log file, and the others
go on.
"""

import asyncio
from collections.abc import Coroutine

from tui.engine.bus import Bus
from tui.engine.outcomes import unexpected
from tui.model import events as e
from tui.model.faults import FaultError


class Background:
    """Begins tasks and ends them all."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self, doing: str, work: Coroutine[None, None, None]) -> None:
        """Have something done from now on; `doing` names it in a fault."""
        task = asyncio.create_task(self.guarded(doing, work), name=doing)
        task.add_done_callback(lambda _: work.close())  # cancelled before it could begin it
        task.add_done_callback(self._tasks.remove)
        self._tasks.append(task)

    async def guarded(self, doing: str, work: Coroutine[None, None, None]) -> None:
        """Do something, and tell its failure."""
        try:
            await work
        except FaultError as error:
            self._bus.publish(e.FaultRaised(error.fault))
        except Exception as error:  # noqa: BLE001 - one broken task must not end the others
            self._bus.publish(e.FaultRaised(unexpected(error, doing)))

    async def close(self) -> None:
        """Cancel all of them, the youngest first, and wait until they have ended."""
        for task in reversed(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
