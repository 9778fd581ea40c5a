"""Judging again: the clock alone may change a verdict, and only while it is open."""

import asyncio
import time

from tui.engine.bus import Bus
from tui.engine.following import publish_verdict, rejudge
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


def _outcome(bus: Bus) -> str:
    return bus.state.verdict.outcome
