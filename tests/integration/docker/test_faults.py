"""What happens around a keeper and its engine, none of it lost on the app."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from tests.integration.docker.stage import Stage
from tests.supervisor.stage import get
from tests.testbed import docker
from tui.model.verdicts import judge
from tui.supervisor.lock import held
from tui.supervisor.record import read_record

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]


async def kill_keeper(state: Path) -> None:
    record = read_record(state)
    assert record is not None
    os.kill(record["pid"], signal.SIGKILL)
    async with asyncio.timeout(30):
        while held(state):  # noqa: ASYNC110 - another process ends
            await asyncio.sleep(0.05)


async def test_a_new_keeper_takes_over_what_runs(stage: Stage) -> None:
    app = stage.app(1)
    await stage.apply(app)
    before = await stage.until_serving(1)
    (name,) = stage.names()
    started = docker("inspect", "-f", "{{.State.StartedAt}}", name)
    await kill_keeper(stage.state)
    await stage.apply(app)
    after = await stage.until_serving(1)
    assert after.url == before.url
    assert await get(after.url) == "revision 1"
    assert docker("inspect", "-f", "{{.State.StartedAt}}", name) == started


async def test_a_rollout_goes_on_when_redraft_ends_at_once(stage: Stage) -> None:
    await stage.apply(stage.app(1))
    await stage.until_serving(1)
    await stage.apply(stage.app(2))
    rollout = await stage.until_serving(2)
    assert await get(rollout.url) == "revision 2"
    await stage.until(lambda seen: {pod.revision for pod in seen.pods} == {2})
    assert len(stage.names("status=running")) == 1


async def test_an_image_that_is_gone_is_a_start_error(stage: Stage) -> None:
    await stage.apply(stage.app(1, image="127.0.0.1:5000/no-such-image:1"))
    rollout = await stage.until(lambda seen: judge(seen, seen.started).outcome == "failed")
    assert "no-such-image" in judge(rollout, rollout.started).sentence
