"""Judging again: the clock alone may change a verdict, and only while it is open."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests.engine.scripted import Scene, ScriptedBackend, until
from tui.engine.bus import Bus
from tui.engine.following import observe, publish_verdict, rejudge
from tui.model import events as e
from tui.model.commands import Up
from tui.model.faults import Fault, FaultError
from tui.model.images import Image
from tui.model.releases import Release
from tui.model.rollouts import Rollout, Workload

PATIENCE = 10.0
WANTED = (Workload("App", "greeter", 1, 0, 0, 0),)


async def test_a_deadline_that_passes_without_an_event_changes_the_verdict() -> None:
    bus = Bus()
    judging = asyncio.create_task(rejudge(bus))
    seen = bus.subscribe()
    now = time.time()
    publish_verdict(bus, Rollout(1, workloads=WANTED, started=now, deadline=now + 0.2))
    assert _outcome(bus) == "progressing"
    async with asyncio.timeout(PATIENCE):
        while _outcome(bus) != "failed":
            await seen.wait()
    judging.cancel()


async def test_while_nothing_is_open_the_clock_wakes_nobody() -> None:
    bus = Bus()
    loop = asyncio.get_running_loop()
    judging = asyncio.create_task(rejudge(bus))
    publish_verdict(bus, Rollout(0))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not loop._scheduled  # type: ignore[attr-defined]  # asyncio tells of timers nowhere else
    judging.cancel()


class Unobservable(ScriptedBackend):
    """Cannot be observed the first times, always for the same reason."""

    def __init__(self, error: Exception, times: int) -> None:
        super().__init__()
        self._errors = [error] * times

    async def observe(self) -> AsyncIterator[Rollout]:
        if self._errors:
            raise self._errors.pop()
        async for rollout in super().observe():
            yield rollout


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ZeroDivisionError(), "internal-error"),
        (FaultError(Fault("supervisor-start", "it cannot be started")), "supervisor-start"),
    ],
)
async def test_what_ends_the_observing_is_told_once_and_the_verdict_comes_all_the_same(
    error: Exception, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.engine.persisting.ANEW", 0.01)
    async with Scene(backend=Unobservable(error, times=2)).engine() as engine:
        engine.submit(Up())
        ended = await until(engine, e.IterationFinished)
        assert isinstance(ended, e.IterationFinished)
        assert ended.outcome == "ready"
        assert [fault.code for fault in engine.state.faults] == [code]


class Flickering(ScriptedBackend):
    """Out of reach the first time that it is asked for its releases."""

    asked = 0

    async def releases(self) -> tuple[Release, ...]:
        self.asked += 1
        if self.asked == 1:
            raise FaultError(Fault("api-unreachable", "it is away", kind="unreachable"))
        return ()


async def test_a_history_that_is_out_of_reach_does_not_end_the_observing() -> None:
    backend, bus = Flickering(), Bus()
    seen = bus.subscribe()
    observing = asyncio.create_task(observe(backend, bus))
    backend.pictures.put_nowait(backend.picture(1))
    backend.pictures.put_nowait(backend.picture(2))
    async with asyncio.timeout(PATIENCE):
        while backend.asked < 2:
            await seen.wait()
    observing.cancel()


def _outcome(bus: Bus) -> str:
    return bus.state.verdict.outcome


class SeenLate(ScriptedBackend):
    """Gives its first picture late."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = asyncio.Event()
        self.recorded = {1: Release(1, Image("app", self.tag), outcome="ready")}

    async def observe(self) -> AsyncIterator[Rollout]:
        await self.seen.wait()
        async for rollout in super().observe():
            yield rollout


async def test_what_runs_is_not_deployed_anew_because_it_is_seen_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.engine.following.OBSERVATION_PATIENCE", 0.05)
    backend = SeenLate()
    async with Scene(backend=backend).engine() as engine:
        engine.submit(Up())
        ended = asyncio.create_task(until(engine, e.IterationFinished))
        await asyncio.wait([ended], timeout=0.2)
        backend.seen.set()
        event = await ended
    assert isinstance(event, e.IterationFinished)
    assert (event.outcome, backend.deployed) == ("unchanged", [])
