"""Parts of a cluster that really stop while the command and the cockpit are at work."""

import asyncio
import json
from typing import Any

import pytest

from tests.cluster import eventually
from tests.integration.kube.deployed import Deployed
from tests.integration.kube.faults.braking import braked_pods, let_go, numbers, put_on_the_brake
from tests.integration.kube.faults.running import Running, running
from tests.integration.redraft import COMMAND
from tests.parts import Parts
from tests.terminal import Terminal
from tui.clients.kube.session import KubeSession

pytestmark = [
    pytest.mark.integration,
    pytest.mark.stops_parts,
    pytest.mark.timeout(300),
]
OUTAGE = 30.0


def printed(told: list[dict[str, Any]]) -> list[int]:
    return numbers([line.get("message", "") for line in told])


async def until_braked(one: Running, app: Deployed) -> None:
    await one.until_told("StageStarted", stage="rollout")
    await eventually(lambda: braked_pods(app))


async def first_event(session: KubeSession, path: str, version: str) -> dict[str, Any]:
    """Return the first event of a watch from a version on."""
    query = {"watch": "1", "resourceVersion": version, "timeoutSeconds": "20"}
    async with session.stream(path, query) as content:
        event: dict[str, Any] = json.loads(await content.readline())
    return event


async def test_half_a_minute_without_the_api_server_loses_no_rollout_no_line_and_no_screen(
    app: Deployed, session: KubeSession, parts: Parts
) -> None:
    pods = f"/api/v1/namespaces/{app.namespace}/pods"
    before = (await session.get(pods))["metadata"]["resourceVersion"]
    put_on_the_brake(app)
    async with (
        running(app.redraft, "up") as one,
        running(app.redraft, "logs", "-f", "--all-revisions") as follower,
    ):
        await until_braked(one, app)
        with Terminal(COMMAND, cwd=app.project, env=app.redraft.env) as screen:
            await asyncio.to_thread(screen.wait_for, "Rollout 1")
            await follower.until(lambda: len(printed(follower.told)) > 10)
            async with parts.stopped("kube-apiserver"):
                await one.until_verdict("progressing", "api-unreachable")
                await asyncio.to_thread(screen.wait_for, "asked again by itself")
                await asyncio.sleep(OUTAGE)
            # its watch cache is empty: it does not know the version that a watch would go on from
            assert (await first_event(session, pods, before))["object"]["code"] == 410
            let_go(app)
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
        await eventually(lambda: bool(braked_pods(app)))
        let_go(app)
        assert await one.end() == 0
    assert app.answer() == "two"
    assert [row["verdict"] for row in app.history()] == ["ready", "ready"]
