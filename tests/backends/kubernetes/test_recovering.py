"""Waiting for a helm that is at work; releases left half-way are mended in tests/integration."""

import asyncio
import time
from pathlib import Path
from typing import cast

import pytest

from tests.backends.kubernetes.test_leasing import held, taken_over
from tests.cluster import eventually
from tui.backends.kubernetes import recovering
from tui.backends.kubernetes.helm_storage import HelmStorage
from tui.backends.kubernetes.recovering import WAIT, Recovery
from tui.backends.kubernetes.turns import Hold
from tui.clients.helm.faults import helm_failed
from tui.clients.helm.releases import HelmRevision
from tui.clients.helm.verbs import Helm
from tui.model import events as e
from tui.model.faults import Fault, FaultError
from tui.ports.telling import Steps


class Scripted:
    """A helm and its storage: how long another works, and how the release stands meanwhile."""

    def __init__(self, *statuses: str) -> None:
        self.free = asyncio.Event()
        self.free.set()
        self.statuses = list(statuses)
        self.rolled_back: list[int] = []
        self.out_of_reach = False

    async def idle(self) -> None:
        await self.free.wait()

    async def newest(self, release: str) -> HelmRevision:
        if self.out_of_reach:
            raise FaultError(Fault("api-unreachable", "not there", kind="unreachable"))
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return HelmRevision(3, status, time.time())

    async def history(self, release: str) -> tuple[HelmRevision, ...]:
        return (HelmRevision(2, "deployed"),)

    async def rollback(self, release: str, revision: int, *, hooks: bool) -> None:
        self.rolled_back.append(revision)
        self.statuses = ["deployed"]


class Told:
    """What was told, step by step."""

    def __init__(self, scripted: Scripted, state: Path) -> None:
        self.events: list[e.Event] = []
        self._steps = Steps(1, "deploy", self.events.append)
        self._recovery = Recovery(cast(Helm, scripted), cast(HelmStorage, scripted), state)

    async def settle(self, hold: Hold = held) -> HelmRevision | None:
        return await self._recovery.settle("web", hold, self._steps)

    async def fail(self, words: str = "no such template") -> None:
        """Have a helm fail that was to make revision 3."""
        with pytest.raises(FaultError, match="helm could not"):
            async with self._recovery.noted("web", HelmRevision(2, "deployed")):
                raise FaultError(helm_failed("deploy it", f"Error: UPGRADE FAILED: {words}"))

    def lines(self) -> list[str]:
        printed = (one for one in self.events if isinstance(one, e.StepPrinted))
        return [line for one in printed for line in one.lines if one.step == WAIT]


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovering, "LOOK", 0.01)


async def test_a_release_at_rest_is_settled_without_a_word(tmp_path: Path) -> None:
    told = Told(Scripted("deployed"), tmp_path)
    assert await told.settle()
    assert told.events == []


async def test_it_is_told_for_whose_helm_a_release_waits(tmp_path: Path) -> None:
    told = Told(Scripted("pending-upgrade", "pending-upgrade", "deployed"), tmp_path)
    found = await told.settle()
    assert found
    assert found.status == "deployed"
    assert told.lines() == ["revision 3 of web is pending-upgrade"]


async def test_a_helm_that_outlived_its_redraft_is_told_while_it_is_waited_for(
    tmp_path: Path,
) -> None:
    scripted = Scripted("deployed")
    scripted.free.clear()
    told = Told(scripted, tmp_path)
    settling = asyncio.create_task(told.settle())
    await eventually(told.lines)
    assert told.lines() == ["a helm that redraft began earlier is still at work"]
    scripted.free.set()
    assert await settling


async def test_another_helm_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovering, "PATIENCE", 0.05)
    told = Told(Scripted("pending-install"), tmp_path)
    with pytest.raises(FaultError, match="another helm is at work"):
        await told.settle()
    assert isinstance(told.events[-1], e.StepFinished)
    assert told.events[-1].outcome == "failed"


async def test_a_helm_that_came_after_one_of_ours_had_failed_is_not_taken_for_ours(
    tmp_path: Path,
) -> None:
    scripted = Scripted("deployed")
    told = Told(scripted, tmp_path)
    await told.fail()
    scripted.statuses = ["pending-upgrade", "pending-upgrade", "deployed"]
    assert await told.settle()
    assert not scripted.rolled_back
    assert told.lines() == ["revision 3 of web is pending-upgrade"]


async def test_a_helm_that_was_faster_than_one_of_ours_is_not_taken_for_it(tmp_path: Path) -> None:
    scripted = Scripted("pending-upgrade")
    told = Told(scripted, tmp_path)
    await told.fail("another operation (install/upgrade/rollback) is in progress")
    scripted.statuses = ["pending-upgrade", "deployed"]
    assert await told.settle()
    assert not scripted.rolled_back


@pytest.mark.parametrize("out_of_reach", [False, True])
async def test_what_a_helm_of_ours_left_half_way_as_it_failed_is_mended_at_once(
    tmp_path: Path, *, out_of_reach: bool
) -> None:
    scripted = Scripted("pending-upgrade")
    scripted.out_of_reach = out_of_reach
    told = Told(scripted, tmp_path)
    await told.fail()
    scripted.out_of_reach = False
    assert await told.settle()
    assert scripted.rolled_back == [2]


async def test_what_a_helm_left_half_way_is_left_to_whoever_took_the_release_over(
    tmp_path: Path,
) -> None:
    scripted = Scripted("pending-upgrade")
    told = Told(scripted, tmp_path)
    await told.fail()
    with pytest.raises(FaultError, match="bob took it over"):
        await told.settle(taken_over)
    assert not scripted.rolled_back
