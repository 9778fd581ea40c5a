"""The cluster out of reach while redraft is at work: told, waited for, gone on with."""

import asyncio

import pytest

from tests.cutting import Way
from tests.integration.kube.deployed import Deployed
from tests.integration.kube.faults.braking import let_go, numbers, put_on_the_brake, until_braked
from tests.integration.kube.faults.running import running

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]


async def test_a_rollout_goes_on_when_the_cluster_is_back_and_no_line_is_lost(
    over: Deployed, way: Way
) -> None:
    put_on_the_brake(over)
    async with running(over.redraft, "up") as one:
        await until_braked(one, over)
        await way.cut()
        verdict = await one.until_verdict("progressing", "api-unreachable")
        assert verdict["sentence"].startswith("the API server")
        await asyncio.to_thread(let_go, over)
        await way.mend()
        assert await one.end() == 0
    assert one.last("IterationFinished")["outcome"] == "ready"
    lines = await asyncio.to_thread(over.redraft.json, "logs")
    found = numbers([line["message"] for line in lines])
    assert found == list(range(1, len(found) + 1))
    assert found


async def test_a_cluster_lost_before_the_deploy_is_out_of_reach_and_nothing_is_lost(
    over: Deployed, way: Way
) -> None:
    await asyncio.to_thread(over.up)
    over.edit("two")
    async with running(over.redraft, "up") as one:
        await one.until_told("StageStarted", stage="build")
        await way.cut()
        assert await one.end() == 3
        assert one.fault()["code"] == "api-unreachable"
    await way.mend()
    assert await asyncio.to_thread(over.answer) == "one"
    await asyncio.to_thread(over.up)
    assert await asyncio.to_thread(over.answer) == "two"
    rows = await asyncio.to_thread(over.history)
    assert rows[-1]["verdict"] == "ready"


async def test_a_cluster_lost_in_the_middle_of_helm_is_out_of_reach_and_the_next_up_mends(
    over: Deployed, way: Way
) -> None:
    await asyncio.to_thread(over.up)
    over.edit("two")
    async with running(over.redraft, "up") as one:
        await one.until_told("StepStarted", stage="deploy")
        await way.cut()
        assert await one.end() == 3
        assert one.fault()["kind"] == "unreachable"
    await way.mend()
    await asyncio.to_thread(over.up)
    assert await asyncio.to_thread(over.answer) == "two"
    rows = await asyncio.to_thread(over.history)
    assert "pending" not in [row["verdict"] for row in rows]
