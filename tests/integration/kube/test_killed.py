"""redraft and helm killed at any moment, on a real cluster: the next run finds out and mends."""

import json
import os
import signal
import subprocess
import time
from typing import Any

import psutil
import pytest

from tests.integration.kube.deployed import Deployed
from tests.integration.kube.test_manifests import config_map, web, write

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]

HOOK = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: "{{ .Release.Name }}-hook"
  annotations: {"helm.sh/hook": "pre-install,pre-upgrade"}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: wait, image: "127.0.0.1:5000/redraft-test/nobody:1"}]
"""


def up_to(app: Deployed, **wanted: Any) -> "subprocess.Popen[str]":
    """Start `up`, and return as soon as it told an event with these fields."""
    running = app.redraft.start("up", "--output", "json")
    assert running.stdout is not None
    for line in running.stdout:
        event = json.loads(line)
        if wanted.items() <= event.items():
            return running
    raise AssertionError(f"it never told {wanted}")


def kill_at(app: Deployed, **wanted: Any) -> None:
    """Start `up`, and kill it as soon as it told an event with these fields."""
    running = up_to(app, **wanted)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()


@pytest.mark.parametrize(
    "moment",
    [
        {"event": "StageStarted", "stage": "build"},
        {"event": "StageStarted", "stage": "push"},
        {"event": "StageStarted", "stage": "deploy"},
        {"event": "StepStarted", "stage": "deploy"},
        {"event": "StageStarted", "stage": "rollout"},
    ],
    ids=lambda moment: f"{moment['event']}-{moment['stage']}",
)
def test_killed_at_any_stage_the_next_up_ends_ready(app: Deployed, moment: dict[str, Any]) -> None:
    app.up()
    app.edit("two")
    kill_at(app, **moment)
    app.up()
    assert app.answer() == "two"
    rows = app.history()
    assert rows[-1]["verdict"] == "ready"
    assert "pending" not in [row["verdict"] for row in rows]
    app.redraft.good("rollback", "1", "--yes")
    assert app.answer() == "one"


def test_what_was_applied_before_a_kill_is_pruned_by_the_next_release(app: Deployed) -> None:
    killed_while_applying(app)
    write(app, web(app), config_map("more-1"))
    assert "ConfigMap more-0 is in no manifest any more: removed" in app.up()
    assert "more-0" not in str(app.get("configmaps")["items"])


def test_what_was_applied_before_a_kill_is_deleted(app: Deployed) -> None:
    killed_while_applying(app)
    assert "ConfigMap more-0" in app.redraft("delete", "--yes").stderr
    assert "more-0" not in str(app.get("configmaps")["items"])


def killed_while_applying(app: Deployed) -> None:
    """Have an `up` killed that has many objects to apply and applied the first."""
    write_many(app)
    kill_at(app, **FIRST_APPLIED)
    assert app.history()[-1]["verdict"] in {"pending", "interrupted"}


FIRST_APPLIED = {"event": "StepPrinted", "stage": "deploy", "lines": ["ConfigMap more-0"]}


def write_many(app: Deployed) -> None:
    """Write many objects that are applied before the Deployment."""
    write(app, web(app), *(config_map(f"more-{number}") for number in range(100)))


def test_a_redraft_that_stood_still_while_another_released_ends_before_it_changes_that(
    app: Deployed,
) -> None:
    write(app, web(app))
    app.up()
    other = app.elsewhere()
    app.edit("two")
    write_many(app)
    running = up_to(app, **FIRST_APPLIED)
    os.kill(running.pid, signal.SIGSTOP)
    try:
        other.edit("three")
        other.up()
    finally:
        os.kill(running.pid, signal.SIGCONT)
    assert running.stdout is not None
    told = running.stdout.read()
    running.communicate()
    assert running.returncode == 3
    assert '"lease-lost"' in told
    assert app.answer_by_pod() == "three"
    assert [row["verdict"] for row in app.history()] == ["ready", "failed", "ready"]


def test_a_helm_killed_half_way_is_recovered_and_that_is_said(app: Deployed) -> None:
    app.up()
    hook = app.project / "charts" / app.name / "templates" / "hook.yaml"
    hook.write_text(HOOK)
    kill_in_helm(app, "pending-upgrade")
    hook.unlink()
    told = app.up()
    assert "revision 2 was left pending-upgrade: back to 1" in told
    assert app.answer() == "one"


def test_a_first_install_killed_half_way_is_recovered(app: Deployed) -> None:
    hook = app.project / "charts" / app.name / "templates" / "hook.yaml"
    hook.write_text(HOOK)
    kill_in_helm(app, "pending-install")
    hook.unlink()
    assert "was left pending-install" in app.up()
    assert app.answer() == "one"


def test_a_first_install_killed_half_way_is_deleted(app: Deployed) -> None:
    hook = app.project / "charts" / app.name / "templates" / "hook.yaml"
    hook.write_text(HOOK)
    kill_in_helm(app, "pending-install")
    told = app.redraft.good("delete", "--yes", "--purge")
    assert "sh.helm.release" not in str(app.get("secrets")), told


def kill_in_helm(app: Deployed, status: str) -> None:
    """Start `up`, and kill it and its helm once helm has marked the release."""
    running = app.redraft.start("up", "--output", "json")
    deadline = time.monotonic() + 60
    while not app.get("secrets", "-l", f"owner=helm,status={status}")["items"]:
        assert time.monotonic() < deadline, f"helm never came to {status}"
    running.kill()
    running.communicate()
    for process in psutil.process_iter(["cmdline"]):
        arguments = process.info["cmdline"] or []
        if arguments[:1] == ["helm"] and app.namespace in arguments:
            process.kill()


def test_two_redrafts_on_one_release_take_turns(app: Deployed) -> None:
    app.up()
    app.edit("two")
    other = app.elsewhere()
    other.edit("three")
    running = [one.redraft.start("up", "--output", "json") for one in (app, other)]
    told = [one.communicate(timeout=120)[0] for one in running]
    assert sorted(one.returncode for one in running) == [0, 1], told
    assert sum("was superseded: another redraft released revision 3" in one for one in told) == 1
    rows = app.history()
    assert [row["verdict"] for row in rows] == ["ready", "superseded", "ready"]
    assert [row["revision"] for row in rows] == [1, 2, 3]
    assert rows[1]["image"] != rows[2]["image"]
    values = subprocess.run(
        ["helm", "-n", app.namespace, "get", "values", app.name, "-o", "json"],
        capture_output=True,
        check=True,
    )
    assert rows[2]["image"].endswith(json.loads(values.stdout)["image"]["tag"])
