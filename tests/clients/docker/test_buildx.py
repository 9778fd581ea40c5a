import json
import os
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cluster import eventually
from tui.clients.docker.buildx import buildx_arguments, buildx_build
from tui.clients.docker.plugin import buildx_version, find_buildx, parse_version, speaks_raw_json
from tui.clients.docker.request import BuildRequest
from tui.config.environment import BuildSecret

PLAIN = BuildRequest(
    Path("/project"), Path("/context"), Path("/build/Dockerfile"), "Dockerfile", ("greeter:1",)
)

TALKING = """\
#!/bin/sh
exec >&2
yes '{line}' | head -c 150000
touch {told}
exec yes '{line}'
"""


def test_the_engine_gets_the_image_unless_the_builder_pushes_it() -> None:
    assert "--load" in buildx_arguments(PLAIN)
    pushed = buildx_arguments(replace(PLAIN, push=True))
    assert "--push" in pushed
    assert "--load" not in pushed


def test_every_setting_is_an_argument_of_its_own() -> None:
    request = replace(
        PLAIN,
        build_args={"A": "b c; rm -rf /"},
        target="first",
        platforms=("linux/amd64", "linux/arm64"),
        secrets=(BuildSecret("token", "variable", "TOKEN"), BuildSecret("npm", "file", ".npmrc")),
        cache_from=("type=registry,ref=r/x",),
        cache_to=("type=inline",),
        builder="cluster",
    )
    argv = buildx_arguments(request)
    assert {
        "--build-arg=A=b c; rm -rf /",
        "--target=first",
        "--platform=linux/amd64,linux/arm64",
        "--secret=id=token,env=TOKEN",
        "--secret=id=npm,src=/project/.npmrc",
        "--cache-from=type=registry,ref=r/x",
        "--cache-to=type=inline",
        "--builder=cluster",
        "--tag=greeter:1",
    } <= set(argv)
    assert argv[-1] == "/context"


@pytest.mark.parametrize(
    ("text", "version", "speaks"),
    [
        ("github.com/docker/buildx v0.13.1 7884339", (0, 13, 1), True),
        ("github.com/docker/buildx 0.13.1+ds1 0.13.1+ds1-3", (0, 13, 1), True),
        ("github.com/docker/buildx v0.12.0 7884339", (0, 12, 0), False),
        ("github.com/docker/buildx v1.0 x", (1, 0, 0), True),
        ("something else", (), True),
    ],
)
def test_an_old_buildx_is_told_from_its_version(
    text: str, version: tuple[int, ...], speaks: bool
) -> None:
    assert parse_version(text) == version
    assert speaks_raw_json(version) == speaks


def test_buildx_is_found_in_dockers_folder_then_on_the_path(tmp_path: Path) -> None:
    places = [tmp_path / "docker" / "cli-plugins" / "docker-buildx", tmp_path / "docker-buildx"]
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch(0o755)
    environ = {"DOCKER_CONFIG": str(tmp_path / "docker"), "PATH": str(tmp_path)}
    assert find_buildx(environ) == str(places[0])
    places[0].unlink()
    if not find_buildx({"DOCKER_CONFIG": str(tmp_path), "PATH": ""}):
        assert find_buildx(environ) == str(places[1])


@pytest.mark.integration
@pytest.mark.timeout(60)
async def test_a_build_that_talks_faster_than_it_is_read_ends_when_it_is_given_up(
    tmp_path: Path,
) -> None:
    vertex = {"digest": "sha256:1", "name": "[1/1] FROM busybox", "started": "2026-01-01T00:00:00Z"}
    line = json.dumps({"vertexes": [vertex]})
    program = tmp_path / "docker-buildx"
    program.write_text(TALKING.format(line=line, told=tmp_path / "told"))
    program.chmod(0o700)
    building = buildx_build(str(program), replace(PLAIN, project=tmp_path), os.environ)
    async with aclosing(building) as batches:
        await anext(batches)
        await eventually((tmp_path / "told").exists)


@pytest.mark.integration
async def test_a_buildx_that_does_not_tell_its_version_in_time_is_taken_as_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "docker-buildx"
    program.write_text("#!/bin/sh\nexec sleep 1000\n")
    program.chmod(0o700)
    monkeypatch.setattr("tui.clients.docker.plugin.PATIENCE", 0.2)
    assert await buildx_version(str(program)) == ()
