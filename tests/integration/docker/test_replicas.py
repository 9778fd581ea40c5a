"""Containers kept by the keeper on a real engine."""

import asyncio

import pytest

from tests.integration.docker.stage import Stage
from tests.keeping import SERVER
from tests.supervisor.stage import get
from tests.testbed import docker
from tui.model.rollouts import Rollout
from tui.model.verdicts import judge

pytestmark = pytest.mark.integration


async def test_a_container_serves_on_the_stable_port(stage: Stage) -> None:
    await stage.apply(stage.app(1))
    rollout = await stage.until_serving(1)
    assert await get(rollout.url) == "revision 1"
    assert judge(rollout, rollout.started).outcome == "ready"


async def test_a_crash_loop_is_told_with_code_and_last_lines(stage: Stage) -> None:
    await stage.apply(stage.app(1, "import sys; print('no luck'); sys.exit(37)"))
    container = await stage.until_container(lambda seen: seen.restarts >= 2)
    rollout = await stage.until(lambda seen: judge(seen, seen.started).outcome == "failed")
    verdict = judge(rollout, rollout.started)
    assert container.last is not None
    assert container.last.exit_code == 37
    assert (verdict.cause, verdict.evidence) == ("crash-loop", ("no luck",))


async def test_a_container_killed_by_hand_is_told_and_comes_back(
    stage: Stage,
) -> None:
    await stage.apply(stage.app(1))
    await stage.until_serving(1)
    docker("kill", *stage.names())
    container = await stage.until_container(lambda seen: seen.last is not None)
    assert container.last is not None
    assert (container.last.exit_code, container.last.signal) == (137, 9)
    back = await stage.until_container(lambda seen: seen.ready)
    assert back.restarts == 1


async def test_a_command_that_is_not_there_is_a_start_error(stage: Stage) -> None:
    await stage.apply(stage.command(1, ("no-such-program",)))
    container = await stage.until_container(lambda seen: seen.last is not None)
    assert container.last is not None
    assert container.last.reason == "StartError"
    assert "no-such-program" in container.last.message


async def test_a_replica_removed_by_hand_comes_back(stage: Stage) -> None:
    await stage.apply(stage.app(1))
    before = await stage.until_serving(1)
    (name,) = stage.names()
    docker("rm", "-f", name)
    after = await stage.until(lambda seen: restarts(seen) > 0 and seen.serving == 1)
    assert after.url == before.url
    assert await get(after.url) == "revision 1"


async def test_a_probe_that_fails_is_told(stage: Stage) -> None:
    await stage.apply(stage.app(1, env={"STATUS": "503"}, probe_path="/healthz"))
    container = await stage.until_container(lambda seen: bool(seen.probe_message))
    assert (
        "503"
        in (await stage.until_container(lambda seen: "HTTP" in seen.probe_message)).probe_message
    )
    assert not container.ready


async def test_another_port_is_seen_from_inside(stage: Stage) -> None:
    moved = SERVER.replace('int(os.environ["PORT"])', "9999")
    await stage.apply(stage.app(1, moved))
    rollout = await stage.until(lambda seen: judge(seen, seen.started + 5).cause == "wrong-port")
    assert "9999" in judge(rollout, rollout.started + 5).sentence


async def test_listening_on_loopback_inside_is_told_with_the_remedy(stage: Stage) -> None:
    await stage.apply(stage.app(1, env={"HOST": "127.0.0.1"}))
    rollout = await stage.until(
        lambda seen: judge(seen, seen.started + 5).cause == "listens-on-loopback"
    )
    assert "0.0.0.0" in judge(rollout, rollout.started + 5).remedy


async def test_an_app_killed_for_want_of_memory_is_told_with_the_limit(stage: Stage) -> None:
    grow = """import pathlib, time
while not pathlib.Path("/limited").exists():
    time.sleep(0.1)
x = [bytearray(1 << 20) for _ in range(512)]"""
    await stage.apply(stage.app(1, grow))
    await stage.until_container(lambda seen: seen.running)
    (name,) = stage.names()
    docker("update", "--memory", "48m", "--memory-swap", "48m", name)
    docker("exec", name, "touch", "/limited")
    container = await stage.until_container(
        lambda seen: seen.last is not None and seen.last.reason == "OOMKilled"
    )
    assert container.memory_limit == 48 << 20


async def test_replicas_share_the_requests(stage: Stage) -> None:
    who = SERVER.replace('os.environ["SAYS"]', "os.uname().nodename")
    await stage.apply(stage.app(1, who, replicas=2))
    rollout = await stage.until_serving(1)
    answers = await asyncio.gather(*(get(rollout.url) for _ in range(8)))
    assert len(set(answers)) == 2


def restarts(rollout: Rollout) -> int:
    return sum(pod.restarts for pod in rollout.pods)
