"""The loop on a real cluster, by the command line: up, unchanged, edit, rollback, history."""

import base64
import json

import pytest

from tests.cluster import kubectl
from tests.integration.kube.deployed import Deployed
from tests.integration.kube.test_manifests import web, write

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


def test_up_builds_pushes_deploys_and_ends_ready_and_back_again(app: Deployed) -> None:
    told = app.up()
    assert "revision 1 is ready" in told
    assert f"greeter runs as {app.registry}" in told.replace(app.name, "greeter")
    assert "@sha256:" in app.image()
    assert app.answer() == "one"

    assert "nothing changed: revision 1 runs this tree already" in app.up()

    app.edit("two")
    assert "revision 2 is ready" in app.up()
    assert app.answer() == "two"

    app.redraft.good("rollback", "--yes")
    assert app.answer() == "one"
    app.redraft.good("rollback", "--yes")
    assert app.answer() == "two"

    told_rows = [(row["revision"], row["verdict"], row["rollback_of"]) for row in app.history()]
    assert told_rows == [(1, "ready", 0), (2, "ready", 0), (3, "ready", 1), (4, "ready", 2)]
    (status,) = app.redraft.json("status")
    assert (status["revision"], status["verdict"]["verdict"]) == (4, "ready")


def test_the_seconds_of_a_release_are_those_of_all_its_stages(app: Deployed) -> None:
    stages, told = app.redraft.seconds_accounted_for()
    assert told >= stages - 0.001  # it is told in milliseconds


def test_another_machine_sees_the_same_history(app: Deployed) -> None:
    app.up()
    here = app.history()
    state = app.redraft.home / "state"
    state.rename(app.redraft.home / "other")
    assert app.history() == here


def test_the_files_of_a_release_whose_record_could_not_be_read_are_kept(app: Deployed) -> None:
    app.up()
    name = f"redraft.v1.{app.name}.1"
    record = app.get("secret", name)["data"]["content"]
    fill(app, name, base64.b64encode(b'{"written": "by another version"}').decode())
    app.edit("two")
    app.up()
    fill(app, name, record)
    preview = app.redraft("rollback", "1", stdin="n\n").stderr
    assert "-two" in preview
    assert "+one" in preview


@pytest.mark.parametrize("charted", [True, False])
def test_what_a_release_has_goes_with_a_deletion_also_where_its_record_cannot_be_read(
    app: Deployed, charted: bool
) -> None:
    if not charted:
        write(app, web(app))
    app.up()
    name = f"redraft.v1.{app.name}.1"
    record = json.loads(base64.b64decode(app.get("secret", name)["data"]["content"]))
    record["release"]["outcome"] = "canary"
    fill(app, name, base64.b64encode(json.dumps(record).encode()).decode())
    assert f"Deployment {app.name}" in app.redraft("delete", "--yes", "--purge").stderr
    assert not app.get("deployments")["items"]


def fill(app: Deployed, secret: str, content: str) -> None:
    """Put other content into a record's Secret."""
    patch = json.dumps({"data": {"content": content}})
    kubectl("-n", app.namespace, "patch", "secret", secret, "--patch", patch)


def test_what_went_with_its_namespace_is_deleted_without_waiting_for_anybody(app: Deployed) -> None:
    app.settings(namespace=f"{app.namespace}-gone")
    assert "deleted" in app.redraft("delete", "--yes").stderr


def test_an_edit_of_the_chart_s_values_is_deployed_although_the_image_is_the_same(
    app: Deployed,
) -> None:
    app.up()
    app.settings(replicas=2, env={"GREETING": "Hello"})
    app.up()
    deployment = app.get("deployment", app.name)
    assert deployment["spec"]["replicas"] == 2
    env = deployment["spec"]["template"]["spec"]["containers"][0]["env"]
    assert {"name": "GREETING", "value": "Hello"} in env


def test_a_release_is_recorded_with_who_when_and_what(app: Deployed) -> None:
    app.up()
    (row,) = app.history()
    assert row["image"].startswith(f"{app.registry}/{app.name}:")
    assert row["user"]
    assert row["host"]
    assert row["started"]
    labels = f"redraft.dev/release={app.name},redraft.dev/part=release"
    (secret,) = json.loads(
        kubectl("-n", app.namespace, "get", "secrets", "-l", labels, "-o", "json")
    )["items"]
    assert secret["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "redraft"


def test_delete_shows_and_removes_what_the_release_made_and_keeps_the_history(
    app: Deployed,
) -> None:
    app.up()
    kubectl("-n", app.namespace, "create", "configmap", "somebody-elses")
    done = app.redraft("delete", "--yes")
    assert done.returncode == 0, done.stderr
    assert f"Deployment {app.name}" in done.stderr
    assert not app.get("deployments,services")["items"]
    assert app.get("configmap", "somebody-elses")
    assert [row["revision"] for row in app.history()] == [1]
    assert "nothing was released yet" in app.redraft.good("status")
    assert "Nothing of it runs" in app.redraft("delete", "--yes").stderr

    assert "revision 2 is ready" in app.up()
    app.redraft.good("delete", "--yes", "--purge")
    assert app.history() == []
    assert "sh.helm.release" not in str(app.get("secrets"))


JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
        command: ["true"]
"""


def test_what_helm_leaves_half_way_is_one_failed_release_and_goes_with_delete(
    app: Deployed,
) -> None:
    (app.project / "charts" / app.name / "templates" / "job.yaml").write_text(JOB)
    app.up()
    app.edit("two")  # a Job's template cannot be changed
    for _ in range(2):
        assert "[helm-failed]" in app.fault("up")
    assert [(row["revision"], row["verdict"]) for row in app.history()] == [
        (1, "ready"),
        (2, "failed"),
        (3, "failed"),
    ]
    assert "[helm-failed]" in app.redraft("why").stdout
    assert f"Deployment {app.name}" in app.redraft("delete", "--yes").stderr
    assert not app.get("deployments")["items"]


def test_what_the_pods_print_is_kept_with_the_revision_that_printed_it(app: Deployed) -> None:
    (app.project / "Dockerfile").write_text(
        "FROM busybox:latest\n"
        "COPY index.html /www/index.html\n"
        'CMD ["sh", "-c", "echo I am $(cat /www/index.html); exec httpd -f -p $PORT -h /www"]\n'
    )
    app.up()
    app.edit("two")
    app.up()
    lines = app.redraft.json("logs", "--all-revisions", "--grep", "I am")
    assert [(line["revision"], line["message"]) for line in lines] == [
        (1, "I am one"),
        (2, "I am two"),
    ]


def test_dockers_credentials_are_put_into_the_namespace_when_asked_for(app: Deployed) -> None:
    config = app.project.with_name("docker-config")
    config.mkdir()
    auth = base64.b64encode(b"ann:s3cret").decode()
    (config / "config.json").write_text(json.dumps({"auths": {app.registry: {"auth": auth}}}))
    app.settings(pull_secret=True)
    told = app.with_env(DOCKER_CONFIG=str(config)).up()
    assert "s3cret" not in told
    assert auth not in told
    secret = app.get("secret", f"{app.name}-pull")
    assert secret["type"] == "kubernetes.io/dockerconfigjson"
    spec = app.get("deployment", app.name)["spec"]["template"]["spec"]
    assert spec["imagePullSecrets"] == [{"name": f"{app.name}-pull"}]
    app.redraft.good("delete", "--yes")
    assert f"{app.name}-pull" not in str(app.get("secrets"))
