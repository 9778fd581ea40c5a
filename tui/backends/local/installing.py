"""Installing: one install at a time, which outlives the build that it was begun for.

A save cancels the build that it meets, and mostly the next one wants the very same dependencies. So
an install is a task of its own: a build that is cancelled only leaves it, and one that wants the
same joins it and is told its steps as its own. One that wants anything else ends it first, and
`drop` ends it where no build follows. Its folder is made anew by the next one, so that whoever
begins waits until the one before has ended, whoever ended it. It outlives the environment's lock
with its build: a lock of its own keeps it from the installs and the pruning of another redraft.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from tui.clients.lock import FileLock
from tui.model import events as e
from tui.ports.telling import Steps

Install = Callable[[Steps], Coroutine[None, None, None]]
LOOK = 0.1
"""Seconds between two looks whether another redraft's install has ended."""


class Installation:
    """An install under way."""

    def __init__(self, wanted: object, install: Install) -> None:
        self.wanted = wanted
        self._story: list[e.StepStarted | e.StepFinished] = []
        self._began = 0.0
        self._listener: Steps | None = None
        self._work = asyncio.create_task(install(Steps(0, "build", self._hear)))
        self._work.add_done_callback(lambda work: work.cancelled() or work.exception())

    @property
    def over(self) -> bool:
        """Whether it has ended, however."""
        return self._work.done()

    async def joined(self, steps: Steps) -> None:
        """Tell it as a part of a build until it ends; left when cancelled. Raises FaultError."""
        for event in self._story:
            _pass_on(event, steps)
        self._listener = steps
        try:
            await asyncio.shield(self._work)
        except asyncio.CancelledError:
            self._leave(steps)
            raise
        finally:
            self._listener = None

    async def ended(self) -> None:
        """End it, and wait until it has ended."""
        self._work.cancel()
        await asyncio.wait([self._work])

    def _hear(self, event: e.Event) -> None:
        if isinstance(event, e.StepStarted | e.StepFinished):
            self._story.append(event)
            self._began = time.monotonic()
        if self._listener is not None:
            _pass_on(event, self._listener)

    def _leave(self, steps: Steps) -> None:
        """Tell the step that goes on unheard as one that this build did not see the end of."""
        if self._story and isinstance(self._story[-1], e.StepStarted):
            steps.finished(self._story[-1].step, time.monotonic() - self._began, "cancelled")


class Installer:
    """Installs what builds want."""

    def __init__(self) -> None:
        self._present: Installation | None = None
        self._ending: Installation | None = None

    async def install(self, wanted: object, install: Install, steps: Steps) -> None:
        """Have it installed, by what is under way if that is for the same. Raises FaultError."""
        present = self._present
        if present is None or present.over or present.wanted != wanted:
            await self.drop()
            present = self._present = Installation(wanted, install)
        await present.joined(steps)

    async def drop(self) -> None:
        """End what is under way; when this returns there is nothing of it left."""
        if self._present is not None:
            self._present, self._ending = None, self._present
        if self._ending is not None:
            await self._ending.ended()


@asynccontextmanager
async def alone(path: Path, steps: Steps) -> AsyncIterator[FileLock]:
    """Install while no other redraft does, by a lock on this file; waiting for it is told.

    It is lost where another redraft deletes the environment: then the folder may be another's.
    """
    lock = FileLock(path)
    if not lock.acquire():
        async with steps.step("wait for the install of another redraft"):
            while not lock.acquire():  # noqa: ASYNC110 - a file that another process lets go of
                await asyncio.sleep(LOOK)
    try:
        yield lock
    finally:
        lock.release()


def _pass_on(event: e.Event, steps: Steps) -> None:
    if isinstance(event, e.StepStarted | e.StepPrinted | e.StepFinished):
        steps.tell(replace(event, iteration=steps.iteration, stage=steps.stage))
