"""Others at work on the same release: a second redraft, kubectl, whoever deletes the namespace."""

import pytest

from tests.cluster import eventually, kubectl
from tests.integration.kube.deployed import DOCKERFILE, Deployed
from tests.integration.kube.faults.braking import (
    braked_pods,
    let_go,
    put_on_the_brake,
    until_braked,
)
from tests.integration.kube.faults.running import running
from tui.engine.outcomes import waiting_for

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]


async def test_a_second_redraft_in_this_folder_waits_for_the_first(app: Deployed) -> None:
    put_on_the_brake(app)
    async with running(app.redraft, "up") as first:
        await until_braked(first, app)
        async with running(app.redraft, "up") as second:
            await second.until_told("IterationStarted")
            assert not second.all("StageStarted")
            let_go(app)
            assert await first.end() == 0
            assert await second.end() == 0
            assert second.last("IterationFinished")["outcome"] == "unchanged"
    assert [(row["revision"], row["verdict"]) for row in app.history()] == [(1, "ready")]


async def test_a_deletion_in_this_folder_waits_for_an_up(app: Deployed) -> None:
    put_on_the_brake(app)
    async with running(app.redraft, "up") as up:
        await until_braked(up, app)
        async with running(app.redraft, "delete", "--yes") as deletion:
            await deletion.until_told("Noticed")
            assert deletion.last("Noticed")["text"] == waiting_for(
                f"another redraft (process {up.pid})"
            )
            assert braked_pods(app)
            let_go(app)
            assert await up.end() == 0
            assert await deletion.end() == 0
    assert app.history()[-1]["verdict"] == "ready"
    assert not app.get("deployments")["items"]


async def test_an_up_ends_whose_release_another_machine_deletes_before_it_is_ready(
    app: Deployed,
) -> None:
    put_on_the_brake(app)
    async with running(app.redraft, "up") as one:
        await until_braked(one, app)
        app.elsewhere().redraft.good("delete", "--yes")
        assert await one.end() == 1
        assert one.fault()["code"] == "environment-deleted"


async def test_an_edit_that_leaves_the_pods_alone_does_not_disturb_a_rollout(app: Deployed) -> None:
    put_on_the_brake(app)
    async with running(app.redraft, "up") as one:
        await until_braked(one, app)
        kubectl("-n", app.namespace, "annotate", "deployment", app.name, "by=hand")
        kubectl("-n", app.namespace, "scale", "deployment", app.name, "--replicas=2")
        await eventually(lambda: len(braked_pods(app)) == 2)
        let_go(app)
        assert await one.end() == 0
    (status,) = app.redraft.json("status")
    assert status["verdict"]["verdict"] == "ready"
    assert status["workloads"][0]["desired"] == 2


async def test_an_image_set_by_kubectl_in_the_middle_of_a_rollout_is_told_apart(
    app: Deployed,
) -> None:
    app.up()
    good = app.image()
    put_on_the_brake(app)
    async with running(app.redraft, "up") as one:
        await until_braked(one, app)
        container = app.get("deployment", app.name)["spec"]["template"]["spec"]["containers"][0]
        set_image = ("set", "image", f"deployment/{app.name}", f"{container['name']}={good}")
        kubectl("-n", app.namespace, *set_image)
        assert await one.end() == 1
        assert one.fault()["code"] == "replaced"
    assert app.answer() == "one"
    await eventually(lambda: len(app.history()) == 3)  # once the controller has made its revision
    rows = app.history()
    assert [(row["revision"], row["verdict"], row["trigger"]) for row in rows] == [
        (1, "ready", "command"),
        (2, "failed", "command"),
        (3, "ready", "outside"),
    ]
    await eventually(lambda: stands_at(app) == (3, "ready"))  # the braked pod goes first
    (app.project / "Dockerfile").write_text(DOCKERFILE)
    app.edit("two")
    app.up()
    assert app.answer() == "two"


def stands_at(app: Deployed) -> tuple[object, object]:
    (status,) = app.redraft.json("status")
    return status["revision"], status["verdict"]["verdict"]


async def test_a_namespace_deleted_underneath_is_told_and_so_is_the_next_up(app: Deployed) -> None:
    put_on_the_brake(app)
    async with running(app.redraft, "up") as one:
        await until_braked(one, app)
        kubectl("delete", "namespace", app.namespace, "--wait=false")
        verdict = await one.until_verdict("progressing", "workload-missing")
        assert "somebody deleted it, or its namespace" in verdict["remedy"]
        one.terminate()
        assert await one.end() == 130
    told = app.fault("up")
    assert "[namespace-terminating]" in told
    assert "→ wait until it is gone" in told
