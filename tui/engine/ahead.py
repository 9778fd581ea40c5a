"""The iteration begun ahead: what a save will most likely lead to, begun before the quiet is over.

Two tasks of the engine use it, the one that watches and the one that decides, so each looks anew at
what is under way after it waited: at most one iteration runs at a time, and this one counts.
"""

from dataclasses import replace

from tui.engine.iteration import IterationRun
from tui.model.decide import Start
from tui.ports.backend import Backend
from tui.ports.capabilities import Lingering


class Ahead:
    """Holds the iteration begun ahead, where there is one."""

    def __init__(self) -> None:
        self._run: IterationRun | None = None

    @property
    def under_way(self) -> bool:
        """Whether there is one."""
        return self._run is not None

    def begin(self, run: IterationRun) -> None:
        """Begin an iteration ahead; there is none under way."""
        self._run = run
        run.begin_ahead()

    def taken(self, start: Start) -> IterationRun | None:
        """Give the iteration away if it does what is to be started."""
        run = self._run
        if run is None or run.cut is not None or replace(run.start, saved=start.saved) != start:
            return None
        self._run, run.start = None, start
        return run

    async def drop(self) -> None:
        """Abandon the iteration begun ahead; when this returns there is none."""
        while run := self._run:
            run.cut = "superseded"
            await run.abandoned()
            if self._run is run:
                self._run = None


async def let_go(backend: Backend) -> None:
    """Have nothing go on that a cancelled build left for the next one: none follows."""
    if isinstance(backend, Lingering):
        await backend.let_go()
