import asyncio
import secrets
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests.backends.images.project import Project, dockerfile
from tests.cluster import eventually
from tests.engine_tls import tls_engine
from tests.testbed import docker, sleeping
from tui.clients.docker.engine import Engine
from tui.config.environment import BuildSecret
from tui.model.faults import Fault, FaultError
from tui.model.images import Image

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("buildx")]


async def fault_of(project: Project, engine: Engine) -> Fault:
    with pytest.raises(FaultError) as raised:
        await project.build(engine)
    return raised.value.fault


async def test_an_image_is_built_and_named_after_the_context(
    project: Project, engine: Engine
) -> None:
    project.write({"Dockerfile": dockerfile("COPY . /app"), "greeting": "Hello"})
    image = await project.build(engine)
    assert (image.name, image.cached) == (project.environment.name, False)
    assert docker("run", "--rm", image.reference, "cat", "/app/greeting") == "Hello"
    assert project.ended()["[2/2] COPY . /app"] == "done"


async def test_an_engine_behind_tls_builds(project: Project, tmp_path: Path) -> None:
    project.write({"Dockerfile": dockerfile("COPY . /app"), "greeting": "Hello"})
    async with tls_engine(tmp_path) as environ:
        engine = Engine(environ=environ)
        image = await project.build(engine)
        engine.close()
    assert docker("run", "--rm", image.reference, "cat", "/app/greeting") == "Hello"


async def test_an_unchanged_tree_is_not_built_again(project: Project, engine: Engine) -> None:
    project.write({"Dockerfile": dockerfile("COPY . /app")})
    first = await project.build(engine)
    project.told.clear()
    again = await project.build(engine)
    assert again == replace(first, cached=True)
    assert list(project.ended()) == ["context"]


async def test_what_did_not_change_is_cached_and_what_did_is_a_difference(
    project: Project, engine: Engine
) -> None:
    project.write({"Dockerfile": dockerfile("RUN echo once", "COPY . /app"), "greeting": "Hello"})
    first = await project.build(engine)
    project.write({"greeting": "Goodbye"})
    second = await project.build(engine)
    assert project.ended()["[2/3] RUN echo once"] == "cached"
    assert docker("run", "--rm", second.reference, "cat", "/app/greeting") == "Goodbye"
    (changed,) = await project.builder(engine).difference(first.tag, second.tag)
    assert changed.path == "greeting"
    assert "+Goodbye" in changed.diff


async def test_the_context_is_what_the_ignore_rules_leave(project: Project, engine: Engine) -> None:
    project.write(
        {
            "Dockerfile": dockerfile("COPY . /app", "RUN find /app -type f | sort"),
            ".dockerignore": "Dockerfile\n.dockerignore\n*.log\n!kept.log\nfolder\n",
            "a.log": "",
            "kept.log": "",
            "folder/file": "",
            "src/main": "",
            ".git/HEAD": "",
        }
    )
    image = await project.build(engine)
    assert project.printed() == ["/app/kept.log", "/app/src/main"]
    files = await project.builder(engine).files(image.tag)
    assert sorted(files) == ["kept.log", "src/main"]


async def test_modes_and_links_are_as_in_the_project(project: Project, engine: Engine) -> None:
    project.write({"Dockerfile": dockerfile("COPY . /app", "RUN ls -l /app"), "run": "same"})
    project.write({"plain": "same"})
    (project.folder / "run").chmod(0o755)
    (project.folder / "link").symlink_to("plain")
    await project.build(engine)
    modes = {line.split()[8]: line.split()[0] for line in project.printed() if "root" in line}
    assert modes["run"] == "-rwxr-xr-x"
    assert modes["plain"] == "-rw-r--r--"
    assert modes["link"] == "lrwxrwxrwx"


async def test_a_failed_step_shows_its_last_lines_and_its_line_of_the_dockerfile(
    project: Project, engine: Engine
) -> None:
    project.write({"Dockerfile": dockerfile("RUN true", "RUN seq 99; exit 7")})
    fault = await fault_of(project, engine)
    assert (fault.code, fault.place) == ("build-failed", "Dockerfile:4")
    assert fault.sentence.endswith("exit code 7")
    assert fault.evidence == tuple(str(n) for n in range(70, 100))
    assert project.ended()["[3/3] RUN seq 99; exit 7"] == "failed"


@pytest.mark.parametrize(
    ("lines", "code", "place"),
    [
        (("RUNN x",), "dockerfile-syntax", "Dockerfile:3"),
        (("COPY one",), "dockerfile-syntax", "Dockerfile:3"),
        (("RUN true", "COPY no-such-file /"), "build-failed", "Dockerfile:4"),
        (("FROM 127.0.0.1:1/no/image:1",), "base-image-unreachable", "Dockerfile:3"),
    ],
)
async def test_a_wrong_dockerfile_is_told_with_its_line(
    project: Project, engine: Engine, lines: tuple[str, ...], code: str, place: str
) -> None:
    project.write({"Dockerfile": dockerfile(*lines)})
    fault = await fault_of(project, engine)
    assert (fault.code, fault.place) == (code, place)
    assert fault.remedy


async def test_a_base_image_that_is_not_there_has_a_fault_of_its_own(
    project: Project, engine: Engine, registry: str
) -> None:
    project.write({"Dockerfile": f"FROM {registry}/redraft-test/no-such-image:1\n"})
    fault = await fault_of(project, engine)
    assert (fault.code, fault.place) == ("base-image-missing", "Dockerfile:1")


async def test_a_missing_dockerfile_is_told_before_anything_is_asked(project: Project) -> None:
    fault = await fault_of(project, Engine(environ={"DOCKER_HOST": "unix:///nowhere"}))
    assert fault.code == "dockerfile-missing"


async def test_no_engine_is_a_fault_that_says_where_it_looked(project: Project) -> None:
    project.write({"Dockerfile": dockerfile()})
    fault = await fault_of(project, Engine(environ={"DOCKER_HOST": "unix:///nowhere"}))
    assert (fault.code, fault.kind) == ("engine-unreachable", "unreachable")
    assert "unix:///nowhere" in fault.sentence


async def test_what_a_cancelled_build_goes_on_with_can_be_ended_and_leaves_no_process(
    project: Project, engine: Engine
) -> None:
    seconds = f"1{secrets.randbelow(10**6)}"
    project.write({"Dockerfile": dockerfile(f"RUN echo begun; sleep {seconds}")})
    builder = project.builder(engine)
    building = asyncio.create_task(builder.build(project.environment, project.steps()))
    await eventually(lambda: "begun" in project.printed())
    await cancelled(building)
    assert project.ended()[f"[2/2] RUN echo begun; sleep {seconds}"] == "cancelled"
    assert builders()
    await eventually(lambda: sleeping(seconds))
    await builder.let_go()
    assert not builders()
    await eventually(lambda: not sleeping(seconds))
    project.write({"Dockerfile": dockerfile("RUN true")})
    assert not (await builder.build(project.environment, project.steps())).cached


async def test_a_build_of_another_step_ends_what_a_cancelled_one_goes_on_with(
    project: Project, engine: Engine
) -> None:
    seconds = f"1{secrets.randbelow(10**6)}"
    steps = ("COPY wanted /", f"RUN echo begun; sleep $(cat wanted) {seconds}")
    project.write({"Dockerfile": dockerfile(*steps), "wanted": "0\n"})
    builder = project.builder(engine)
    building = asyncio.create_task(builder.build(project.environment, project.steps()))
    await eventually(lambda: "begun" in project.printed())
    await cancelled(building)
    assert builders()
    project.write({"wanted": "1\n"})
    building = asyncio.create_task(builder.build(project.environment, project.steps()))
    await eventually(lambda: project.printed().count("begun") >= 2)
    await eventually(lambda: len(builders()) == 1)
    await cancelled(building)
    await builder.let_go()


async def test_the_failure_of_a_step_taken_over_is_told_with_its_last_lines(
    project: Project, engine: Engine
) -> None:
    step = "RUN cat /proc/sys/kernel/random/uuid; sleep 10; echo last; exit 3"
    project.write({"Dockerfile": dockerfile("COPY one /", step, "COPY . /app"), "one": ""})
    builder = project.builder(engine)
    building = asyncio.create_task(builder.build(project.environment, project.steps()))
    await eventually(project.printed)
    await cancelled(building)
    (begun,) = project.printed()
    project.told.clear()
    project.write({"two": ""})
    with pytest.raises(FaultError) as raised:
        await builder.build(project.environment, project.steps())
    assert raised.value.fault.evidence == (begun, "last")
    assert project.printed() == [begun, "last"]
    assert project.ended()[f"[3/4] {step}"] == "failed"


async def cancelled(building: "asyncio.Task[Image]") -> None:
    building.cancel()
    with pytest.raises(asyncio.CancelledError):
        await building


def builders() -> list[psutil.Process]:
    return [p for p in psutil.Process().children(recursive=True) if is_builder(p)]


def is_builder(process: psutil.Process) -> bool:
    try:
        return "buildx" in process.name()
    except psutil.NoSuchProcess:
        return False


async def test_secrets_reach_the_step_and_nothing_else(
    project: Project, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDRAFT_TEST_TOKEN", "hunter2-of-the-variable")
    project.write(
        {
            "Dockerfile": dockerfile(
                "RUN --mount=type=secret,id=token --mount=type=secret,id=file "
                "cat /run/secrets/token && cat /run/secrets/file && exit 3"
            ),
            "secret.txt": "hunter2-of-the-file\n",
            ".dockerignore": "secret.txt\n",
        }
    )
    given = (
        BuildSecret("token", "variable", "REDRAFT_TEST_TOKEN"),
        BuildSecret("file", "file", "secret.txt"),
    )
    project.environment = replace(project.environment, build_secrets=given)
    fault = await fault_of(project, engine)
    assert "••••••" in "".join(fault.evidence)
    assert "hunter2" not in repr(fault)
    assert "hunter2" not in repr(project.told)
    kept = [path for path in project.state.rglob("*") if path.is_file()]
    assert not any(b"hunter2" in path.read_bytes() for path in kept)


async def test_a_secret_that_is_not_there_is_told(project: Project, engine: Engine) -> None:
    project.write({"Dockerfile": dockerfile()})
    missing = (BuildSecret("npm", "file", "no-such-file"),)
    project.environment = replace(project.environment, build_secrets=missing)
    assert (await fault_of(project, engine)).code == "build-secret-missing"


async def test_arguments_target_and_dockerfile_decide_the_image(
    project: Project, engine: Engine
) -> None:
    text = dockerfile("ARG WHO=nobody", "RUN echo hello $WHO") + "FROM scratch\n"
    project.write({"docker/Other": text.replace("busybox:latest", "busybox:latest AS first")})
    plain = replace(project.environment, dockerfile="docker/Other", target="first")
    tags = []
    for who in ("you", "me"):
        project.environment = replace(plain, image_build_args={"WHO": who})
        tags.append((await project.build(engine)).tag)
        assert f"hello {who}" in project.printed()
    assert tags[0] != tags[1]


async def test_a_target_that_is_not_there_is_told(project: Project, engine: Engine) -> None:
    project.write({"Dockerfile": dockerfile()})
    project.environment = replace(project.environment, target="nowhere")
    assert (await fault_of(project, engine)).code == "build-target-missing"


async def test_a_builder_that_is_not_there_is_told(project: Project, engine: Engine) -> None:
    project.write({"Dockerfile": dockerfile()})
    project.environment = replace(project.environment, builder="no-such-builder")
    assert (await fault_of(project, engine)).code == "builder-missing"


async def test_several_platforms_need_a_builder_that_can(project: Project, engine: Engine) -> None:
    project.write({"Dockerfile": dockerfile()})
    several = ("linux/amd64", "linux/arm64")
    project.environment = replace(project.environment, platforms=several)
    if "io.containerd.snapshotter" in docker("info", "--format", "{{.DriverStatus}}"):
        assert not (await project.build(engine)).cached
        return
    assert (await fault_of(project, engine)).code == "build-platforms"


async def test_a_file_that_changes_while_it_builds_does_not_reach_the_image(
    project: Project, engine: Engine
) -> None:
    project.write({"Dockerfile": dockerfile("RUN echo begun; sleep 1", "COPY . /app")})
    project.write({"greeting": "Hello"})
    building = asyncio.create_task(project.build(engine))
    await eventually(project.printed)
    project.write({"greeting": "Goodbye"})
    image = await building
    assert docker("run", "--rm", image.reference, "cat", "/app/greeting") == "Hello"
