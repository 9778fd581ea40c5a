"""The engine stopped in the middle of a build or a push, and started again."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.backends.images.project import Project, dockerfile
from tests.cluster import eventually
from tests.engine_way import EngineWay, way_to_the_engine
from tests.faulty_registry import Rule, faulty_registry
from tests.testbed import remove_images
from tui.backends.images.pusher import ImagePusher
from tui.clients.docker.engine import Engine
from tui.model.faults import FaultError

pytestmark = pytest.mark.integration


@pytest.fixture
async def way(tmp_path: Path) -> AsyncIterator[EngineWay]:
    async with way_to_the_engine(tmp_path) as one:
        yield one


@pytest.fixture
async def cut_engine(way: EngineWay) -> AsyncIterator[Engine]:
    """The engine at the end of the way."""
    one = Engine(environ=way.environ)
    yield one
    one.close()


async def test_a_build_whose_engine_stops_is_a_fault_and_the_next_one_runs(
    project: Project, way: EngineWay, cut_engine: Engine
) -> None:
    project.write({"Dockerfile": dockerfile("RUN echo begun; sleep 1000")})
    building = asyncio.create_task(project.build(cut_engine))
    await eventually(lambda: "begun" in project.printed())
    await way.cut()
    with pytest.raises(FaultError) as raised:
        await building
    fault = raised.value.fault
    assert (fault.code, fault.kind) == ("engine-unreachable", "unreachable")
    with pytest.raises(FaultError) as raised:
        await project.build(cut_engine)
    assert raised.value.fault.code == "engine-unreachable"
    await way.mend()
    project.write({"Dockerfile": dockerfile("RUN true")})
    assert not (await project.build(cut_engine)).cached


async def test_a_push_goes_on_when_the_engine_is_back(
    project: Project, way: EngineWay, cut_engine: Engine, registry: str
) -> None:
    async with faulty_registry(registry) as faulty:
        project.environment = replace(project.environment, registry=faulty.host)
        project.write({"Dockerfile": dockerfile("RUN head -c 1000000 /dev/urandom > /random")})
        image = await project.build(cut_engine)
        faulty.rules.append(Rule("PATCH|PUT", "/blobs/uploads/", "hang", times=1))
        pusher = ImagePusher(cut_engine, delays=(0.1, 60.0))
        pushing = asyncio.create_task(
            pusher.push(image, project.environment, project.steps("push"))
        )
        await eventually(lambda: any(seen.startswith(("PATCH", "PUT")) for seen in faulty.seen))
        await way.cut()
        faulty.break_connections()  # as all connections of an engine that ends
        await way.mend()
        assert (await pushing).digest
        assert any("again in 0.1 s" in line for line in project.printed())
        remove_images(image.name)
