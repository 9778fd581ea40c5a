"""How often evidence is asked for: measuring memory must neither hold up pictures nor go on."""

import asyncio
from dataclasses import replace
from typing import Any

from tests.cluster import eventually
from tui.backends.kubernetes.evidence.gathering import AGAIN, Gatherer
from tui.backends.kubernetes.evidence.measuring import METRICS, METRICS_API
from tui.backends.kubernetes.evidence.wanting import UseWanted
from tui.model.faults import Fault, FaultError
from tui.model.rollouts import MemoryUse

RUNS = UseWanted("web-1", "app", 0.0, "one")
ENDED = replace(RUNS, finished=4e9)
TOLD = {
    "timestamp": "2026-11-25T14:02:11Z",
    "containers": [{"name": "app", "usage": {"memory": "64Ki"}}],
}


class Session:
    """A cluster of which only the metrics API answers, once it may."""

    def __init__(self) -> None:
        self.may = asyncio.Event()
        self.known = True

    async def get(self, path: str, query: Any = None) -> Any:
        await self.may.wait()
        if self.known and path.startswith(METRICS):
            return TOLD
        raise FaultError(Fault("api-forbidden", "no"))


async def gathered(gatherer: Gatherer, wanted: UseWanted) -> MemoryUse:
    """Ask, and wait for the answer."""
    gatherer.ask([wanted])
    await eventually(lambda: wanted in gatherer.answers)
    found = gatherer.answers[wanted]
    assert isinstance(found, MemoryUse)
    return found


def gatherer_of(session: Session) -> Gatherer:
    one: Any = session
    return Gatherer(one, "here", lambda: None)


async def test_no_picture_waits_for_the_memory_of_what_runs() -> None:
    session = Session()
    gatherer = gatherer_of(session)
    gatherer.ask([RUNS])
    assert not await gatherer.answered([RUNS], 60.0)
    await gatherer.close()


async def test_what_runs_is_measured_again_and_what_ended_is_not() -> None:
    session = Session()
    session.may.set()
    gatherer = gatherer_of(session)
    assert (await gathered(gatherer, RUNS)).by == METRICS_API
    assert gatherer.due_in is not None
    assert 0 < gatherer.due_in <= AGAIN
    gatherer.ask([ENDED])  # the same incarnation: what was measured of it stands
    assert gatherer.answers[ENDED]
    assert gatherer.due_in is None


async def test_where_nobody_may_be_asked_it_is_asked_once() -> None:
    session = Session()
    session.may.set()
    session.known = False
    gatherer = gatherer_of(session)
    assert "`get nodes/proxy` is not allowed" in (await gathered(gatherer, RUNS)).unknown
    assert gatherer.due_in is None
