from dataclasses import replace
from pathlib import Path

import pytest

from tui.clients.docker.buildx import buildx_arguments
from tui.clients.docker.plugin import find_buildx, parse_version, speaks_raw_json
from tui.clients.docker.request import BuildRequest
from tui.config.environment import BuildSecret

PLAIN = BuildRequest(
    Path("/project"), Path("/context"), Path("/build/Dockerfile"), "Dockerfile", ("greeter:1",)
)


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
