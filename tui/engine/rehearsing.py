"""Rehearsing: what an `up` would tell from now on while nothing changes, found out by doing it.

It is an iteration like any other, told to nobody, which ends as soon as there is something to do.
"""

from dataclasses import replace
from typing import Any

from tui.engine.bus import Bus
from tui.engine.iteration import IterationRun
from tui.engine.means import Means
from tui.engine.watching import Beside, Repose
from tui.model import events as e
from tui.model.changes import NO_COMMIT
from tui.model.commands import Up
from tui.model.decide import Start
from tui.model.faults import Fault, FaultError
from tui.model.state import State
from tui.ports.backend import Build
from tui.ports.capabilities import Witnessing


async def rehearse(means: Means, state: State) -> tuple[e.Stamped, ...]:
    """Have the backend watched over and return the events of an `up` that finds nothing changed.

    They tell of no time taken. There are none where something would be done, or nobody can watch.
    """
    backend = means.backend
    if not isinstance(backend, Witnessing) or not await backend.watch_over():
        return ()
    bus = Bus()
    bus.state = state
    told = bus.subscribe()
    number = max((release.revision for release in state.releases), default=0) + 1
    beside = Beside(Repose(watches=False), lambda: None)
    run = Rehearsal(number, Start(Up("command"), "command"), bus, means, beside)
    ended = await run.run(NO_COMMIT)
    return tuple(map(_at_once, told.drain())) if ended.outcome == "unchanged" else ()


class Rehearsal(IterationRun):
    """An iteration that may do nothing."""

    patience = 1.0
    """Seconds to wait until old releases are pruned; what takes longer is another iteration."""

    async def _before_build(self) -> None:
        if await self._tasks.any_of("pre-up"):
            raise FaultError(TO_DO)

    async def _built(self) -> Build:
        backend, tag = self._backend, self._bus.state.releases[-1].image.tag
        if isinstance(backend, Witnessing):
            build = await backend.rehearse(self.number, tag, self._bus.publish)
            if build is not None:
                return build
        raise FaultError(TO_DO)

    async def _push(self, build: Build) -> Build:
        raise FaultError(TO_DO)


TO_DO = Fault("rehearsal-ended", "there is something to do")


def _at_once(stamped: e.Stamped) -> e.Stamped:
    event: Any = stamped.event
    return (
        replace(stamped, event=replace(event, seconds=0.0))
        if hasattr(event, "seconds")
        else stamped
    )
