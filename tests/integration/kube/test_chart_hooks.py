"""A chart's hooks on a real cluster: judged, logged and deleted with their release."""

import pytest

from tests.integration.kube.deployed import Deployed

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]
JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: NAME
  annotations: ANNOTATIONS
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
        command: [sh, -c, "SCRIPT"]
---
"""
MAP = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: made-before
  annotations: {helm.sh/hook: pre-install, helm.sh/hook-weight: "-5"}
"""


def add_hooks(
    app: Deployed, script: str, moments: str, name: str = "migrate", **annotations: str
) -> None:
    """Give the chart a Job that runs a script at moments of the release, and another hook."""
    told = ", ".join(
        f"helm.sh/{key.replace('_', '-')}: '{value}'"
        for key, value in {"hook": moments, **annotations}.items()
    )
    job = JOB.replace("NAME", name).replace("ANNOTATIONS", f"{{{told}}}").replace("SCRIPT", script)
    (app.project / "charts" / app.name / "templates" / "hooks.yaml").write_text(job + MAP)


def jobs(app: Deployed) -> list[str]:
    """Return the Jobs that are there to stay."""
    found = (one["metadata"] for one in app.get("jobs")["items"])
    return [one["name"] for one in found if "deletionTimestamp" not in one]


def test_a_failed_hook_is_told_by_the_last_lines_of_its_pod_and_they_are_among_the_logs(
    app: Deployed,
) -> None:
    app.up()
    add_hooks(app, "sleep 3; echo no such table; exit 3", "pre-upgrade")
    told = app.fault("up")
    assert "a hook of the chart failed: migrate-" in told
    assert "exited with code 3 [crash-loop]" in told
    assert "| no such table" in told
    lines = app.redraft.json("logs", "--all-revisions", "--grep", "no such table")
    assert [line["revision"] for line in lines if line["pod"].startswith("migrate-")] == [2]
    assert "Job migrate, a hook" in app.redraft("delete", "--yes").stderr
    assert jobs(app) == []


def test_what_a_hook_prints_is_kept_with_its_revision_though_helm_removes_it(
    app: Deployed,
) -> None:
    script = "echo migrating to {{ .Release.Revision }}; sleep 3"  # seen while it runs
    policy = "before-hook-creation,hook-succeeded"
    add_hooks(app, script, "pre-install,pre-upgrade", hook_delete_policy=policy)
    app.up()
    app.edit("two")
    app.up()
    assert jobs(app) == []
    lines = app.redraft.json("logs", "--all-revisions", "--grep", "migrating to")
    assert [(line["revision"], line["message"]) for line in lines] == [
        (1, "migrating to 1"),
        (2, "migrating to 2"),
    ]


def test_what_ran_for_hooks_is_deleted_with_the_release_also_what_helm_makes_anew_for_that(
    app: Deployed,
) -> None:
    add_hooks(app, "true", "pre-install,pre-upgrade,pre-delete", "migrate-{{ .Release.Revision }}")
    app.up()
    app.edit("two")
    app.up()
    assert jobs(app) == ["migrate-1", "migrate-2"]
    deleted = app.redraft("delete", "--yes")
    assert deleted.returncode == 0
    assert all(f"Job migrate-{number}, a hook" in deleted.stderr for number in (1, 2))
    assert "made-before" not in deleted.stderr
    assert jobs(app) == []
    names = {one["metadata"]["name"] for one in app.get("configmaps")["items"]}
    assert "made-before" in names
