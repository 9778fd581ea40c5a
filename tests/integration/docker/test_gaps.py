"""Lines that the engine rotated away before they were read are told as missing."""

from collections.abc import AsyncIterator

import pytest

from tests.testbed import docker, engine_environment, fresh_name
from tui.backends.docker.positions import GAP, Line, Position, Reading
from tui.clients.docker.containers import ContainerPlan, Containers
from tui.clients.docker.engine import Engine
from tui.clients.docker.logs import read_log

pytestmark = pytest.mark.integration

TALK = "i=0; while [ $i -lt $1 ]; do i=$((i + 1)); echo line $i; done"


@pytest.fixture
async def containers() -> AsyncIterator[Containers]:
    engine_environment()
    engine = Engine()
    yield Containers(engine, "dev.redraft.environment=none")
    engine.close()


async def read(engine: Engine, name: str, position: Position) -> tuple[list[Line], Position]:
    """Read on to the container's end."""
    reading = Reading(position)
    lines = [
        line
        async for some in read_log(engine, name, position.since, follow=True)
        for line in reading.take(some)
    ]
    return lines, reading.position


async def test_a_gap_is_told_where_the_engine_dropped_lines(containers: Containers) -> None:
    name, engine = fresh_name(), containers.engine
    small = (("max-size", "64k"), ("max-file", "2"))
    plan = ContainerPlan(
        name, "busybox", {}, ("sh", "-c", f"{TALK}; [ -e /again ]", "sh", "100"), log_settings=small
    )
    try:
        await containers.create(plan)
        docker("update", "--restart=no", name)
        await containers.start(name)
        first, position = await read(engine, name, Position())
        assert [line.text for line in first] == [f"line {n}" for n in range(1, 101)]
        for _ in range(20):
            await containers.start(name)
            docker("wait", name)
        lines, position = await read(engine, name, position)
        assert lines[0].text == GAP
        assert lines[-1].text == "line 100"
        assert await read(engine, name, position) == ([], position)
    finally:
        await containers.remove(name)
