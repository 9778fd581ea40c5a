"""Releases made by others, on a real cluster: shown in the history, and gone back to."""

import json
import subprocess

import pytest

from tests.cluster import kubectl
from tests.integration.kube.deployed import Deployed

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


def rows(app: Deployed) -> list[tuple[int, str, str]]:
    return [(row["revision"], row["trigger"], row["verdict"]) for row in app.history()]


def helm(app: Deployed, *arguments: str) -> None:
    subprocess.run(["helm", "-n", app.namespace, *arguments], check=True, capture_output=True)


def set_variable(app: Deployed, value: str) -> None:
    """Change the pod template by kubectl, and wait until that is rolled out."""
    workload = f"deployment/{app.name}"
    kubectl("-n", app.namespace, "set", "env", workload, f"NOTE={value}")
    kubectl("-n", app.namespace, "rollout", "status", workload, "--timeout=60s")


def note(app: Deployed) -> str:
    spec = app.get("deployment", app.name)["spec"]["template"]["spec"]
    env = {one["name"]: one.get("value", "") for one in spec["containers"][0]["env"]}
    return str(env.get("NOTE", ""))


def test_a_helm_upgrade_by_hand_is_in_the_history_and_can_be_gone_back_to(app: Deployed) -> None:
    app.up()
    chart = str(app.project / "charts" / app.name)
    helm(app, "upgrade", app.name, chart, "--reuse-values", "--set", "env.NOTE=theirs")
    assert rows(app) == [(1, "command", "ready"), (2, "outside", "ready")]
    app.edit("two")
    assert "revision 3 is ready" in app.up()
    assert note(app) == ""
    app.redraft.good("rollback", "2", "--yes")
    assert note(app) == "theirs"
    assert app.answer() == "one"
    assert [row[1] for row in rows(app)] == ["command", "outside", "command", "rollback"]


def test_what_helm_deployed_from_the_client_s_side_as_helm_3_does_is_taken_over(
    app: Deployed,
) -> None:
    app.up()
    told = subprocess.run(["helm", "upgrade", "--help"], check=True, capture_output=True).stdout
    as_helm_3 = ["--server-side=false"] if b"--server-side" in told else []
    chart = str(app.project / "charts" / app.name)
    helm(app, "upgrade", app.name, chart, "--reuse-values", "--set", "env.NOTE=theirs", *as_helm_3)
    app.edit("two")
    assert "revision 3 is ready" in app.up()
    assert note(app) == ""
    app.redraft.good("rollback", "2", "--yes")
    assert note(app) == "theirs"


def test_a_release_made_by_helm_before_is_in_the_history_and_can_be_gone_back_to(
    app: Deployed,
) -> None:
    app.settings(replicas=1)
    chart = str(app.project / "charts" / app.name)
    theirs = ("--set", "image.repository=busybox", "--set", "image.tag=latest")
    helm(app, "install", app.name, chart, *theirs, "--set", "env.NOTE=theirs")
    assert "revision 2 is ready" in app.up()
    assert [row[:2] for row in rows(app)] == [(1, "outside"), (2, "command")]
    assert note(app) == ""
    app.redraft("rollback", "1", "--yes")
    assert note(app) == "theirs"


def test_after_delete_up_installs_anew_however_many_revisions_helm_keeps(app: Deployed) -> None:
    app.up()
    for number in range(9):
        chart = str(app.project / "charts" / app.name)
        helm(app, "upgrade", app.name, chart, "--reuse-values", "--description", f"no. {number}")
    app.redraft.good("delete", "--yes")
    assert "is ready" in app.up()
    assert app.answer() == "one"


def test_a_change_of_the_pod_template_by_kubectl_is_in_the_history_and_can_be_gone_back_to(
    app: Deployed,
) -> None:
    app.up()
    set_variable(app, "first")
    set_variable(app, "second")
    assert rows(app) == [
        (1, "command", "ready"),
        (2, "outside", "ready"),
        (3, "outside", "ready"),
    ]
    app.redraft.good("rollback", "2", "--yes")
    assert note(app) == "first"
    app.redraft.good("rollback", "--yes")
    assert note(app) == "second"
    assert [row[0] for row in rows(app)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("kind", ["StatefulSet", "DaemonSet"])
def test_a_workload_s_own_revisions_are_gone_back_to(app: Deployed, kind: str) -> None:
    labels = {"app": app.name}
    container = {"name": "web", "image": app.name, "env": [{"name": "PORT", "value": "8080"}]}
    pod = {"terminationGracePeriodSeconds": 0, "containers": [container]}
    spec = {
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }
    if kind == "StatefulSet":
        spec["serviceName"] = app.name
    manifest = {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": app.name},
        "spec": spec,
    }
    (app.project / "app.json").write_text(json.dumps(manifest))
    app.settings(manifests=["app.json"])
    app.up()
    workload = f"{kind.lower()}/{app.name}"
    kubectl("-n", app.namespace, "set", "env", workload, "NOTE=theirs")
    taken_up = "--for=jsonpath={.status.observedGeneration}=2"  # by what makes the revision
    kubectl("-n", app.namespace, "wait", workload, taken_up, "--timeout=60s")
    assert [row[1] for row in rows(app)] == ["command", "outside"]
    app.redraft.good("rollback", "1", "--yes")
    app.redraft.good("rollback", "2", "--yes")
    env = app.get(kind.lower(), app.name)["spec"]["template"]["spec"]["containers"][0]["env"]
    assert {"name": "NOTE", "value": "theirs"} in env


def test_what_helm_has_forgotten_is_gone_back_to_by_the_record(app: Deployed) -> None:
    template = app.project / "charts" / app.name / "templates" / "words.yaml"
    words = "{ a: one, b: '{{ \"{{ .Values.image.tag }}\" }}' }"
    template.write_text(
        f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{ name: words }}\ndata: {words}\n"
    )
    app.up()
    template.unlink()
    app.edit("two")
    app.up()
    kubectl("-n", app.namespace, "delete", "secret", f"sh.helm.release.v1.{app.name}.v1")
    told = app.redraft("rollback", "1", "--yes").stderr
    assert "Helm revision 1 was forgotten: from the record" in told
    assert app.answer() == "one"
    data = app.get("configmap", "words")["data"]
    assert data == {"a": "one", "b": "{{ .Values.image.tag }}"}
    app.edit("three")
    assert "revision 4 is ready" in app.up()
    assert "words" not in str(app.get("configmaps"))
    assert [row[2] for row in rows(app)] == ["ready"] * 4
