"""Plain manifests on a real cluster: applied, pruned, gone back to, refused when wrong."""

import json
import shlex
import subprocess
from typing import Any

import pytest

from tests.cluster import kubectl
from tests.integration.kube.deployed import Deployed

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


def web(app: Deployed, **more: Any) -> dict[str, Any]:
    """Return a Deployment that runs the app."""
    labels = {"app": app.name}
    container = {
        "name": "web",
        "image": app.name,
        "env": [{"name": "PORT", "value": "8080"}],
        "ports": [{"name": "http", "containerPort": 8080}],
        "readinessProbe": {"tcpSocket": {"port": 8080}, "periodSeconds": 1},
    }
    spec = {"terminationGracePeriodSeconds": 0, "containers": [container]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": app.name},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": spec},
        }
        | more,
    }


def service(app: Deployed) -> dict[str, Any]:
    ports = [{"name": "http", "port": 80, "targetPort": "http"}]
    spec = {"selector": {"app": app.name}, "ports": ports}
    metadata = {"name": app.name}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


def config_map(name: str, **data: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def write(app: Deployed, *objects: dict[str, Any]) -> None:
    """Write the manifests, all in one file."""
    folder = app.project / "k8s"
    folder.mkdir(exist_ok=True)
    (folder / "app.yaml").write_text("---\n".join(json.dumps(one) + "\n" for one in objects))
    app.settings(manifests=["k8s"])


def test_manifests_are_applied_pruned_after_being_shown_and_gone_back_to(app: Deployed) -> None:
    write(app, web(app), service(app), config_map("settings", a="1"), config_map("old", a="1"))
    kubectl("-n", app.namespace, "create", "configmap", "somebody-elses")
    assert "revision 1 is ready" in app.up()
    assert "@sha256:" in app.image()
    assert app.answer() == "one"

    app.edit("two")
    write(app, web(app), service(app), config_map("settings", a="2"))
    told = app.up()
    assert "ConfigMap old is in no manifest any more: removed" in told
    assert app.answer() == "two"
    names = {one["metadata"]["name"] for one in app.get("configmaps")["items"]}
    assert {"settings", "somebody-elses"} <= names
    assert "old" not in names

    app.redraft.good("rollback", "--yes")
    assert app.answer() == "one"
    assert app.get("configmap", "settings")["data"] == {"a": "1"}
    assert app.get("configmap", "old")["data"] == {"a": "1"}

    done = app.redraft("delete", "--yes")
    assert f"Deployment {app.name}" in done.stderr
    left = {one["metadata"]["name"] for one in app.get("deployments,services,configmaps")["items"]}
    assert left <= {"somebody-elses", "kube-root-ca.crt"}


def test_what_was_there_before_is_taken_over_but_never_deleted(app: Deployed) -> None:
    kubectl("-n", app.namespace, "create", "configmap", "settings", "--from-literal=a=theirs")
    write(app, web(app), config_map("settings", a="ours"))
    assert "settings are managed by `kubectl-create`, taken over" in app.up()
    assert app.get("configmap", "settings")["data"] == {"a": "ours"}
    write(app, web(app))
    app.up()
    app.redraft.good("delete", "--yes")
    assert app.get("configmap", "settings")


def test_what_was_there_before_is_never_deleted_after_several_releases_either(
    app: Deployed,
) -> None:
    kubectl("-n", app.namespace, "create", "configmap", "settings", "--from-literal=a=theirs")
    write(app, web(app), config_map("settings", a="ours"))
    app.up()
    app.edit("two")
    app.up()
    app.redraft.good("rollback", "--yes")
    write(app, web(app))
    app.up()
    app.redraft.good("delete", "--yes")
    assert app.get("configmap", "settings")


def test_what_somebody_made_after_a_deletion_is_not_deleted_with_the_next_release(
    app: Deployed,
) -> None:
    write(app, web(app), config_map("settings", a="ours"))
    app.up()
    app.redraft.good("delete", "--yes")
    kubectl("-n", app.namespace, "create", "configmap", "settings", "--from-literal=a=theirs")
    app.edit("two")
    app.up()
    app.redraft.good("delete", "--yes")
    assert app.get("configmap", "settings")


def test_a_workload_in_another_namespace_is_told_as_not_watched_and_deleted_too(
    app: Deployed,
) -> None:
    aside = web(app, replicas=0)
    aside["metadata"]["namespace"] = "default"
    write(app, aside, web(app))
    try:
        told = app.up()
        assert f"Deployment {app.name} is in default and not in {app.namespace}" in told
        (watched,) = app.redraft.json("status")[0]["workloads"]
        assert watched["desired"] == 1
        app.redraft.good("delete", "--yes")
        left = json.loads(kubectl("-n", "default", "get", "deployments", "-o", "json"))["items"]
        assert app.name not in {one["metadata"]["name"] for one in left}
    finally:
        kubectl("-n", "default", "delete", "deployment", app.name, "--ignore-not-found")


def test_an_edit_by_hand_is_taken_back_and_said(app: Deployed) -> None:
    write(app, web(app))
    app.up()
    edit = ("--field-manager=kubectl-edit", "--patch", '{"spec": {"replicas": 2}}')
    kubectl("-n", app.namespace, "patch", "deployment", app.name, *edit)
    app.edit("two")
    assert "taken over" in app.up()
    assert app.get("deployment", app.name)["spec"]["replicas"] == 1


def test_an_object_of_another_release_is_not_touched(app: Deployed) -> None:
    theirs = config_map("settings", a="theirs")
    theirs["metadata"]["labels"] = {"app.kubernetes.io/managed-by": "Helm"}
    kubectl_apply(app, theirs)
    write(app, web(app), config_map("settings", a="ours"))
    for _ in range(2):
        told = app.fault("up")
        assert "ConfigMap settings is there already and belongs to Helm" in told
    assert app.get("configmap", "settings")["data"] == {"a": "theirs"}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (
            '{"apiVersion": "example.com/v9", "kind": "Gadget", "metadata": {"name": "g"}}',
            "[kind-unknown]",
        ),
        ('{"apiVersion": "v1", "kind": "ConfigMap"}', "[manifest-incomplete]"),
        ("a: b: c", "[manifest-invalid]"),
        (
            '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, '
            '"spec": {"ports": [{"port": 99999}]}}',
            "[api-invalid]",
        ),
    ],
)
def test_a_wrong_manifest_is_told_with_its_place(app: Deployed, wrong: str, told: str) -> None:
    write(app, web(app))
    (app.project / "k8s" / "wrong.yaml").write_text(f"\n{wrong}\n")
    said = app.fault("up")
    assert told in said
    assert "k8s/wrong.yaml:2" in said


def test_an_unknown_kind_leaves_everything_as_it_was(app: Deployed) -> None:
    write(app, web(app))
    gadget = '{"apiVersion": "example.com/v9", "kind": "Gadget", "metadata": {"name": "g"}}'
    (app.project / "k8s" / "wrong.yaml").write_text(gadget)
    app.fault("up")
    assert not app.get("deployments")["items"]


def test_an_invalid_object_leaves_all_before_it_as_they_were(app: Deployed) -> None:
    write(app, web(app), config_map("before", a="1"))
    app.up()
    moved = web(app)
    moved["spec"]["selector"] = {"matchLabels": {"app": "other"}}
    for wrong in ((web(app), config_map("Wrong_Name")), (moved,)):
        write(app, config_map("before", a="2"), config_map("new"), *wrong)
        assert "[api-invalid]" in app.fault("up")
    assert app.get("configmap", "before")["data"] == {"a": "1"}
    assert "new" not in {one["metadata"]["name"] for one in app.get("configmaps")["items"]}


def test_objects_in_a_namespace_that_is_made_with_them_are_applied(app: Deployed) -> None:
    name = f"{app.namespace}-more"
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    inside = config_map("inside", a="1")
    inside["metadata"]["namespace"] = name
    write(app, namespace, inside, web(app))
    try:
        assert "revision 1 is ready" in app.up()
        assert json.loads(kubectl("-n", name, "get", "configmap", "inside", "-o", "json"))["data"]
        app.redraft.good("delete", "--yes")
    finally:
        kubectl("delete", "namespace", name, "--ignore-not-found", "--wait=false")


def test_what_was_applied_before_one_was_refused_goes_with_the_next_good_release(
    app: Deployed,
) -> None:
    theirs = config_map("settings", a="theirs")
    theirs["metadata"]["labels"] = {"app.kubernetes.io/managed-by": "Helm"}
    kubectl_apply(app, theirs)
    write(app, web(app), config_map("before"), config_map("settings", a="ours"))
    assert "belongs to Helm" in app.fault("up")
    assert app.get("configmap", "before")
    write(app, web(app))
    assert "ConfigMap before is in no manifest any more: removed" in app.up()
    assert "before" not in str(app.get("configmaps")["items"])


def test_an_empty_manifest_is_told(app: Deployed) -> None:
    write(app)
    assert "[manifests-empty]" in app.fault("up")


def test_a_manifest_of_a_megabyte_is_deployed_or_told(app: Deployed) -> None:
    write(app, web(app), config_map("big", **{f"k{n}": "x" * 100 for n in range(9_000)}))
    assert "revision 1 is ready" in app.up()
    write(app, web(app), config_map("big", a="x" * 1_100_000))
    told = app.fault("up")
    assert "[api-invalid]" in told
    assert "configmaps big" in told
    assert app.answer_by_pod() == "one"


def kubectl_apply(app: Deployed, obj: dict[str, Any]) -> None:
    path = app.project / "theirs.json"
    path.write_text(json.dumps(obj))
    kubectl("-n", app.namespace, "apply", "-f", str(path))


def stateful(app: Deployed) -> dict[str, Any]:
    """Return a StatefulSet that runs the app on a volume."""
    one = web(app, serviceName=app.name) | {"kind": "StatefulSet"}
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}}
    one["spec"]["volumeClaimTemplates"] = [{"metadata": {"name": "data"}, "spec": claim}]
    mount = {"name": "data", "mountPath": "/data"}
    one["spec"]["template"]["spec"]["containers"][0]["volumeMounts"] = [mount]
    return one


def test_a_delete_tells_of_the_volume_claims_that_stay_and_how_they_are_removed(
    app: Deployed,
) -> None:
    write(app, stateful(app), service(app))
    app.up()
    done = app.redraft("delete", "--yes")
    assert done.returncode == 0, done.stderr
    name = f"data-{app.name}-0"
    told = [line for line in done.stderr.splitlines() if name in line]
    assert len(told) == 2, "before and after"
    assert app.get("pvc", name)
    (command,) = {line.partition("`")[2].partition("`")[0] for line in told}
    subprocess.run([*shlex.split(command), "--wait=false"], check=True)
    again = app.redraft("delete", "--yes")
    assert name not in again.stderr


def test_the_volume_claims_of_what_was_there_before_are_not_told_to_be_left_over(
    app: Deployed,
) -> None:
    theirs = stateful(app)
    (container,) = theirs["spec"]["template"]["spec"]["containers"]
    container |= {"image": "busybox:latest", "command": ["httpd", "-f", "-p", "8080"]}
    kubectl_apply(app, theirs)
    write(app, stateful(app), service(app))
    app.up()
    done = app.redraft("delete", "--yes")
    assert done.returncode == 0, done.stderr
    assert f"data-{app.name}-0" not in done.stderr
    assert app.get("statefulset", app.name)
