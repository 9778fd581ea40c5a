"""Images that cannot be built or pushed: told with exit code and remedy, and what runs goes on."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from tests.cluster import eventually
from tests.faulty_registry import FaultyRegistry, Rule, faulty_registry
from tests.integration.docker.own_engine import OwnEngine
from tests.integration.kube.deployed import DOCKERFILE, Deployed
from tests.integration.kube.faults.running import running
from tests.testbed import BASE, remove_images

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]


@pytest.fixture
async def faulty(app: Deployed) -> AsyncIterator[FaultyRegistry]:
    """A way to the registry on which things go wrong; the app's image goes it."""
    async with faulty_registry(app.registry) as one:
        app.settings(registry=one.host)
        yield one
    remove_images(f"{one.host}/{app.name}")


UNBUILDABLE = (
    (None, "dockerfile-missing", 2),
    ("FORM busybox\n", "dockerfile-syntax", 2),
    ("FROM 127.0.0.1:5000/redraft-test/nobody:1\n", "base-image-missing", 1),
    ("FROM busybox\nRUN exit 9\n", "build-failed", 1),
)
"""Dockerfiles, each with the code and the exit code that tell what is wrong with it."""


def test_what_cannot_be_built_is_told_and_what_runs_goes_on(app: Deployed) -> None:
    app.up()
    for dockerfile, code, exit_code in UNBUILDABLE:
        (app.project / "Dockerfile").unlink()
        if dockerfile is not None:
            (app.project / "Dockerfile").write_text(dockerfile)
        done = app.redraft("up")
        assert (done.returncode, f"[{code}]" in done.stderr) == (exit_code, True), done.stderr
        assert "Traceback" not in done.stderr
        assert "→" in done.stderr
        assert app.answer() == "one"
        (app.project / "Dockerfile").write_text(DOCKERFILE)
    assert "nothing changed" in app.up()
    assert [row["verdict"] for row in app.history()] == ["ready"]


@pytest.mark.parametrize(
    ("rules", "exit_code"),
    [
        ([Rule("PUT", "/manifests/", "fail")], 3),
        ([Rule("POST", "/blobs/uploads/", "refuse"), Rule("GET", "/v2/$", "refuse")], 2),
    ],
    ids=["500", "401"],
)
async def test_a_registry_that_does_not_take_it_is_told_and_the_next_up_goes_on(
    app: Deployed, faulty: FaultyRegistry, rules: list[Rule], exit_code: int
) -> None:
    faulty.rules += rules
    async with running(app.redraft, "up") as one:
        code = await one.end()
        fault = one.fault()
        assert code == exit_code, fault
        assert fault["evidence"]
        assert one.last("StageFinished")["stage"] == "push"
    assert not app.get("deployments")["items"]
    faulty.rules.clear()
    await asyncio.to_thread(app.up)
    assert app.answer() == "one"


async def test_a_connection_that_the_registry_closes_half_way_is_made_good(
    app: Deployed, faulty: FaultyRegistry
) -> None:
    (app.project / "noise").write_bytes(secrets.token_bytes(200_000))
    (app.project / "Dockerfile").write_text(DOCKERFILE + "COPY noise /noise\n")
    faulty.rules.append(Rule("PATCH|PUT", "/blobs/uploads/", "cut", times=1))
    async with running(app.redraft, "up") as one:
        assert await one.end() == 0
    assert faulty.rules[0].times == 0
    assert app.answer() == "one"


async def test_a_push_to_a_registry_that_hangs_ends_at_ctrl_c(
    app: Deployed, faulty: FaultyRegistry
) -> None:
    faulty.rules.append(Rule("POST", "/blobs/uploads/", "hang"))
    async with running(app.redraft, "up") as one:
        await eventually(lambda: any("POST" in seen for seen in faulty.seen))
        one.terminate()
        assert await one.end(20) == 130
    faulty.rules.clear()
    faulty.break_connections()
    await asyncio.to_thread(app.up)
    assert app.answer() == "one"


@pytest.fixture
def own(engine: object) -> Iterator[OwnEngine]:
    one = OwnEngine()
    try:
        one.start()
        one.load(BASE)
        yield one
    finally:
        one.remove()


async def test_an_engine_stopped_in_a_build_and_in_a_push_is_out_of_reach_and_comes_back(
    app: Deployed, faulty: FaultyRegistry, own: OwnEngine
) -> None:
    redraft = replace(app.redraft, variables={"DOCKER_HOST": own.host})
    (app.project / "Dockerfile").write_text(f"FROM {BASE}\nRUN echo begun; sleep 1000\n")
    async with running(redraft, "up") as one:
        await one.until(lambda: "begun" in str(one.all("StepPrinted")))
        await asyncio.to_thread(own.stop)
        assert await one.end() == 3
        assert one.fault()["code"] == "engine-unreachable"
    await asyncio.to_thread(own.start)
    (app.project / "Dockerfile").write_text(DOCKERFILE)
    faulty.rules.append(Rule("PATCH|PUT", "/blobs/uploads/", "hang", times=1))
    async with running(redraft, "up") as one:
        await eventually(lambda: any(seen.startswith(("PATCH", "PUT")) for seen in faulty.seen))
        await asyncio.to_thread(own.stop)
        faulty.break_connections()
        await asyncio.to_thread(own.start)
        assert await one.end() == 0
    assert app.answer() == "one"
