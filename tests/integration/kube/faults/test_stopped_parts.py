"""Parts of a cluster that really stop while the command and the cockpit are at work."""

import asyncio
import subprocess
from typing import Any

import pytest

from tests.cluster import eventually
from tests.integration.kube.deployed import Deployed
from tests.integration.kube.faults.braking import let_go, numbers, put_on_the_brake, until_braked
from tests.integration.kube.faults.running import running
from tests.integration.redraft import COMMAND
from tests.parts import Parts
from tests.terminal import Terminal

pytestmark = [
    pytest.mark.integration,
    pytest.mark.stops_parts,
    pytest.mark.timeout(300),
]
OUTAGE = 30.0


def printed(told: list[dict[str, Any]]) -> list[int]:
    return numbers([line.get("message", "") for line in told])


def could_let_go(app: Deployed) -> bool:
    """Let the pods become ready, if the kubelet is so far."""
    try:
        let_go(app)
    except subprocess.CalledProcessError:
        return False
    return True


async def test_half_a_minute_without_the_api_server_loses_no_rollout_no_line_and_no_screen(
    app: Deployed, parts: Parts
) -> None:
    put_on_the_brake(app)
    async with running(app.redraft, "up") as one:
        await until_braked(one, app)
        async with running(app.redraft, "logs", "-f") as follower:
            with Terminal(COMMAND, cwd=app.project, env=app.redraft.env) as screen:
                await asyncio.to_thread(screen.wait_for, "Rollout 1")
                await follower.until(lambda: len(printed(follower.told)) > 10)
                async with parts.stopped("kube-apiserver"):
                    await one.until_verdict("progressing", "api-unreachable")
                    await asyncio.to_thread(screen.wait_for, "asked again by itself")
                    await asyncio.sleep(OUTAGE)
                await eventually(lambda: could_let_go(app))
                assert await one.end() == 0
                await asyncio.to_thread(screen.wait_for, "revision 1 ✔ ready")
                known = len(printed(follower.told))
                await follower.until(lambda: len(printed(follower.told)) > known + 10)
                found = printed(follower.told)
                assert found == list(range(1, len(found) + 1))
    assert app.answer() == "one"


@pytest.mark.parametrize("part", ["etcd", "kubelet"])
async def test_a_part_that_starts_anew_in_a_rollout_does_not_fail_it(
    app: Deployed, parts: Parts, part: str
) -> None:
    app.up()
    app.edit("two")
    put_on_the_brake(app)
    async with running(app.redraft, "up") as one:
        await until_braked(one, app)
        async with parts.stopped(part):
            await asyncio.sleep(3)
        await eventually(lambda: could_let_go(app))
        assert await one.end() == 0
    assert app.answer() == "two"
    assert [row["verdict"] for row in app.history()] == ["ready", "ready"]
