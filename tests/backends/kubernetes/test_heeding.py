import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, cast

import pytest

from tests.backends.kubernetes.test_deploying import WHOLE
from tests.cluster import eventually
from tui.backends.kubernetes import record_watching
from tui.backends.kubernetes.chronology import Chronology
from tui.backends.kubernetes.heeding import Heed
from tui.backends.kubernetes.objects import Objects
from tui.backends.kubernetes.records import Record
from tui.backends.kubernetes.standing import wanted_of
from tui.clients.kube.session import KubeSession
from tui.model.faults import Fault, FaultError

WANTED = wanted_of((WHOLE,), "team")
SESSION = cast(KubeSession, None)
THEIRS = replace(WHOLE, release=replace(WHOLE.release, revision=2, trigger="outside"))


@pytest.fixture(autouse=True)
def _no_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no records to watch."""

    async def none(*_: object) -> None:
        pass

    monkeypatch.setattr(record_watching, "watch_records", none)


class Asked:
    """A chronology that counts how often it is asked, and is out of reach at first if wanted."""

    ledger = None

    def __init__(self, out_of_reach: int = 0) -> None:
        self.times = 0
        self.answers = asyncio.Event()
        self.answers.set()
        self.helm_done = asyncio.Event()
        self.helm_done.set()
        self._out_of_reach = out_of_reach

    async def helm_is_done(self) -> None:
        await self.helm_done.wait()

    async def records(self) -> tuple[Record, ...]:
        self.times += 1
        await self.answers.wait()
        if self.times <= self._out_of_reach:
            raise FaultError(Fault("api-unreachable", "not there", kind="unreachable"))
        return (WHOLE, THEIRS)


def deployment(generation: int, observed: int) -> Objects:
    metadata: dict[str, Any] = {"name": "app", "uid": "u", "generation": generation}
    status = {"observedGeneration": observed}
    return Objects({"Deployment": {"u": {"metadata": metadata, "spec": {}, "status": status}}})


@asynccontextmanager
async def heeding(
    asked: Asked, *generations: int, behind: int = 0, outcome: Any = "ready"
) -> AsyncIterator[tuple[Heed, list[tuple[Record, ...]]]]:
    """Give what heeds others, and what it hands over, having looked at these generations."""
    taken: list[tuple[Record, ...]] = []
    heed = Heed(cast(Chronology, asked), taken.append)
    async with heed.others(SESSION):
        for generation in generations:
            heed.look(deployment(generation, generation - behind), WANTED, outcome)
            await through()
        yield heed, taken


async def through() -> None:
    """Wait until nothing is asked any more."""
    await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})


async def looked(
    asked: Asked, *generations: int, behind: int = 0, outcome: Any = "ready"
) -> list[tuple[Record, ...]]:
    async with heeding(asked, *generations, behind=behind, outcome=outcome) as (_, taken):
        return taken


async def test_a_workload_as_the_deploy_left_it_is_not_asked_about() -> None:
    asked = Asked()
    assert await looked(asked, 5) == []
    assert not asked.times


async def test_each_change_of_a_workload_is_asked_about_once() -> None:
    asked = Asked()
    assert await looked(asked, 6, 6, 7) == [(WHOLE, THEIRS)] * 2
    assert asked.times == 2


async def test_a_change_is_not_asked_about_before_its_controller_has_made_its_revision() -> None:
    asked = Asked()
    assert await looked(asked, 6, behind=1) == []
    assert not asked.times


async def test_out_of_reach_it_is_asked_again() -> None:
    assert await looked(Asked(out_of_reach=1), 6, 6, 6) == [(WHOLE, THEIRS)]


async def test_a_release_of_ours_is_let_finish_first() -> None:
    assert await looked(Asked(), 6, outcome="pending") == []


async def test_what_a_helm_is_at_is_asked_about_once_it_is_done() -> None:
    asked = Asked()
    asked.helm_done.clear()
    async with heeding(asked) as (heed, taken):
        heed.look(deployment(6, 6), WANTED, "ready")
        for _ in range(3):
            await asyncio.sleep(0)
        assert not asked.times
        asked.helm_done.set()
        await through()
        assert taken == [(WHOLE, THEIRS)]


@asynccontextmanager
async def asking(asked: Asked) -> AsyncIterator[Heed]:
    """Have a change asked about that is not answered yet."""
    asked.answers.clear()
    async with heeding(asked) as (heed, _):
        heed.look(deployment(6, 6), WANTED, "ready")
        await eventually(lambda: asked.times == 1)
        yield heed


async def test_a_change_that_shows_while_another_is_asked_about_is_asked_about_then() -> None:
    asked = Asked()
    async with asking(asked) as heed:
        heed.look(deployment(7, 7), WANTED, "ready")
        asked.answers.set()
        await through()
        assert asked.times == 2


async def test_a_change_that_was_released_is_not_asked_about_again() -> None:
    asked = Asked()
    async with asking(asked) as heed:
        heed.look(deployment(7, 7), WANTED, "ready")
        heed.look(
            deployment(7, 7), replace(WANTED, generations={("Deployment", "app"): 7}), "ready"
        )
        asked.answers.set()
        await through()
        assert asked.times == 1


async def test_nothing_is_asked_any_more_where_nobody_heeds_others() -> None:
    async with asking(Asked()) as heed:
        pass
    heed.look(deployment(7, 7), WANTED, "ready")
    assert asyncio.all_tasks() == {asyncio.current_task()}
