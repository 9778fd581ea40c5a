"""Podman's socket instead of Docker's: what differs there is borne, the user sees the same."""

from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from tests.integration.docker.own_podman import OwnPodman
from tests.integration.docker.project import DRAFT
from tests.integration.redraft import Redraft
from tests.testbed import BASE, engine_environment, fresh_name, write_tree
from tui.clients.docker.building import has_buildkit
from tui.clients.docker.engine import Engine
from tui.clients.docker.probe import probe_push
from tui.clients.docker.push import Pushed, push_image

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]
DOCKERFILE = f"""
FROM {BASE} AS pages
COPY index.html /www/
FROM {BASE}
COPY --from=pages /www /www
COPY run /run.sh
EXPOSE 8000
CMD ["sh", "/run.sh"]
"""
SERVE = "echo serving\ntrap 'exit 0' TERM\nhttpd -f -p $PORT -h /www &\nwait\n"
CRASH = "echo cannot go on\nsleep 0.5\nexit 37\n"


@pytest.fixture(scope="module")
def podman() -> Iterator[OwnPodman]:
    environ = engine_environment()  # it has the base image
    one = OwnPodman(environ.get("REDRAFT_TEST_REGISTRY", "registry.invalid"))
    try:
        one.load(BASE)
        yield one
    finally:
        one.remove()


@pytest.fixture
def redraft(podman: OwnPodman, tmp_path: Path) -> Iterator[Redraft]:
    files = {
        "Dockerfile": DOCKERFILE,
        "index.html": "hello one",
        "run": SERVE,
        "draft.toml": DRAFT.format(name=fresh_name()),
    }
    project = write_tree(tmp_path / "pages", files)
    one = Redraft(project, tmp_path / "home", {"DOCKER_HOST": podman.host})
    yield one
    one("delete", "--yes")


@pytest.fixture
def engine(podman: OwnPodman) -> Iterator[Engine]:
    one = Engine(environ={**engine_environment(), "DOCKER_HOST": podman.host})
    yield one
    one.close()


def test_the_loop_from_up_to_delete(redraft: Redraft, podman: OwnPodman) -> None:
    redraft.good("up")
    (first,) = redraft.json("status")
    assert redraft.answer() == "hello one"
    (redraft.project / "index.html").write_text("hello two")
    redraft.good("up")
    assert redraft.answer() == "hello two"
    redraft.good("rollback", "--yes")
    assert redraft.answer() == "hello one"
    assert redraft.json("status")[0]["url"] == first["url"]
    assert [one["verdict"] for one in redraft.json("history")] == ["ready"] * 3
    texts = [line["message"] for line in redraft.json("logs", "--all-revisions")]
    assert texts.count("serving") == 3
    redraft.good("delete", "--yes")
    assert podman.docker("ps", "-aq") == ""
    assert podman.docker("images", "--format", "{{.Repository}}", "--filter", "dangling=false") == (
        f"localhost/{BASE.partition(':')[0]}\n"
    )


def test_a_crash_is_told_with_the_lines_of_the_one_that_crashed(redraft: Redraft) -> None:
    redraft.good("up")
    (redraft.project / "run").write_text(CRASH)
    assert redraft("up").returncode == 1
    (why,) = redraft.json("why")
    assert (why["cause"], why["evidence"]) == ("crash-loop", ["cannot go on"])
    assert "37" in why["sentence"]
    assert redraft.answer() == "hello one"


async def test_the_digest_of_a_push_is_known(
    podman: OwnPodman, engine: Engine, registry: str
) -> None:
    name = f"{registry}/{fresh_name()}"
    podman.docker("tag", BASE, f"{name}:1")
    async with aclosing(push_image(engine, name, "1")) as told:
        pushed = [one async for one in told if isinstance(one, Pushed)]
    assert [one.tag for one in pushed] == ["1"]
    podman.docker("rmi", f"{name}:1")
    podman.docker("pull", f"{name}@{pushed[0].digest}")
    podman.docker("rmi", f"{name}@{pushed[0].digest}")


async def test_a_push_can_be_probed_and_nothing_is_left(
    podman: OwnPodman, engine: Engine, registry: str
) -> None:
    before = podman.docker("images", "--all", "--quiet")
    await probe_push(engine, f"{registry}/{fresh_name()}")
    assert podman.docker("images", "--all", "--quiet") == before


async def test_only_a_docker_has_a_buildkit(engine: Engine) -> None:
    assert not await has_buildkit(engine)
    common = Engine(environ=engine_environment())
    assert await has_buildkit(common)
    common.close()
