"""The engine's own builder, which is taken where buildx is not installed."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.backends.images.project import Project, dockerfile
from tests.cluster import eventually
from tests.testbed import docker, engine_environment
from tui.clients.docker.building import usable_buildx
from tui.clients.docker.engine import Engine
from tui.config.environment import BuildSecret
from tui.model.faults import Fault, FaultError

pytestmark = pytest.mark.integration


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Engine]:
    """The real engine as docker without plugins knows it."""
    environ = {**engine_environment(), "DOCKER_CONFIG": str(tmp_path / "docker")}
    folders = environ["PATH"].split(os.pathsep)
    environ["PATH"] = os.pathsep.join(f for f in folders if not Path(f, "docker-buildx").exists())
    one = Engine(environ=environ)
    if asyncio.run(usable_buildx(one)):
        pytest.skip("buildx is installed for the whole machine")
    yield one
    one.close()


async def fault_of(project: Project, engine: Engine) -> Fault:
    with pytest.raises(FaultError) as raised:
        await project.build(engine)
    return raised.value.fault


async def test_it_tells_steps_as_buildkit_does(project: Project, plain: Engine) -> None:
    project.write(
        {
            "Dockerfile": dockerfile("RUN echo once", "COPY . /app"),
            ".dockerignore": "Dockerfile\n*.log\n",
            "a.log": "",
            "run": "same",
            "plain": "same",
        }
    )
    (project.folder / "run").chmod(0o755)
    (project.folder / "link").symlink_to("plain")
    image = await project.build(plain)
    assert project.ended()["[3/4] RUN echo once"] == "done"
    assert "once" in project.printed()
    listed = docker("run", "--rm", image.reference, "ls", "-lA", "/app").splitlines()
    modes = {line.split()[8]: line.split()[0] for line in listed if "root" in line}
    assert modes == {
        ".dockerignore": "-rw-r--r--",
        "link": "lrwxrwxrwx",
        "plain": "-rw-r--r--",
        "run": "-rwxr-xr-x",
    }
    project.write({"plain": "other"})
    await project.build(plain)
    assert project.ended()["[3/4] RUN echo once"] == "cached"


async def test_a_failed_step_shows_its_last_lines_and_its_line_of_the_dockerfile(
    project: Project, plain: Engine
) -> None:
    project.write({"Dockerfile": dockerfile("RUN true", "RUN seq 99; exit 7")})
    fault = await fault_of(project, plain)
    assert (fault.code, fault.place) == ("build-failed", "Dockerfile:4")
    assert fault.evidence == tuple(str(n) for n in range(70, 100))


async def test_a_dockerfile_of_another_name_is_the_one_that_is_built(
    project: Project, plain: Engine
) -> None:
    project.write({"Dockerfile": "FROM nowhere\n", "docker/Other": dockerfile("RUN echo other")})
    project.environment = replace(project.environment, dockerfile="docker/Other")
    await project.build(plain)
    assert "other" in project.printed()


@pytest.mark.parametrize(
    ("lines", "code", "place"),
    [
        (("RUNN x",), "dockerfile-syntax", "Dockerfile:3"),
        (("RUN --mount=type=cache,target=/c true",), "buildx-missing", "Dockerfile:3"),
        (("FROM 127.0.0.1:1/no/image:1",), "base-image-unreachable", "Dockerfile:3"),
    ],
)
async def test_a_wrong_dockerfile_is_told_with_its_line(
    project: Project, plain: Engine, lines: tuple[str, ...], code: str, place: str
) -> None:
    project.write({"Dockerfile": dockerfile(*lines)})
    fault = await fault_of(project, plain)
    assert (fault.code, fault.place) == (code, place), fault.evidence


async def test_what_needs_buildkit_is_refused_by_its_key(project: Project, plain: Engine) -> None:
    project.write({"Dockerfile": dockerfile()})
    secret = (BuildSecret("token", "variable", "TOKEN"),)
    project.environment = replace(project.environment, build_secrets=secret)
    fault = await fault_of(project, plain)
    assert (fault.code, fault.place) == ("buildx-missing", "draft.toml")
    assert "build-secrets" in fault.sentence


async def test_a_cancelled_build_ends_at_once(project: Project, plain: Engine) -> None:
    project.write({"Dockerfile": dockerfile("RUN echo begun; sleep 1000")})
    building = asyncio.create_task(project.build(plain))
    await eventually(lambda: "begun" in project.printed())
    building.cancel()
    with pytest.raises(asyncio.CancelledError):
        await building
    project.write({"Dockerfile": dockerfile("RUN true")})
    assert not (await project.build(plain)).cached


async def test_a_credential_store_that_does_not_answer_holds_no_build_for_ever(
    project: Project, plain: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.clients.docker.credential_stores.PATIENCE", 0.2)
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker" / "config.json").write_text('{"credsStore": "stuck"}')
    program = tmp_path / "docker-credential-stuck"
    program.write_text("#!/bin/sh\nexec sleep 1000\n")
    program.chmod(0o755)
    asked = Engine(environ={**plain.environ, "PATH": f"{tmp_path}:{plain.environ['PATH']}"})
    project.write({"Dockerfile": dockerfile("RUN echo once")})
    fault = await fault_of(project, asked)
    asked.close()
    assert fault.code == "registry-credentials"
    assert fault.evidence == ("docker-credential-stuck gave no answer in 0 s",)
