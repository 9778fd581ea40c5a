"""`redraft doctor` against the real cluster: what is there, and what a user may not do."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cluster import kubectl
from tests.integration.kube.accounts import as_service_account
from tests.integration.kube.deployed import Deployed

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]


def outcomes(app: Deployed, **variables: str) -> dict[str, dict[str, str]]:
    doctor = replace(app.redraft, variables=variables)
    return {line["subject"]: line for line in doctor.json("doctor")}


def test_everything_a_deploy_needs_is_looked_at(app: Deployed) -> None:
    app.settings()
    seen = outcomes(app)
    wanted = {"docker", "buildx", "registry push", "kubernetes", "cluster clock", "namespace"}
    assert wanted | {"rights", "memory use", "helm"} <= seen.keys()
    failed = {subject: line for subject, line in seen.items() if line["outcome"] == "failed"}
    assert failed == {}
    assert app.namespace in seen["namespace"]["detail"]


def test_a_missing_namespace_is_told_with_what_to_do_unless_up_makes_it(app: Deployed) -> None:
    app.settings(namespace=f"{app.namespace}-new")
    seen = outcomes(app)["namespace"]
    assert seen["outcome"] == "failed"
    assert "create-namespace = true" in seen["remedy"]
    app.settings(namespace=f"{app.namespace}-new", create_namespace=True)
    assert outcomes(app)["namespace"]["outcome"] == "ok"


def test_missing_rights_are_named_with_verb_and_resource(app: Deployed, tmp_path: Path) -> None:
    kubectl("-n", app.namespace, "create", "serviceaccount", "reader")
    kubectl("-n", app.namespace, "create", "rolebinding", "reader", "--clusterrole=view",
            f"--serviceaccount={app.namespace}:reader")  # fmt: skip
    config = as_service_account(app.namespace, tmp_path, "reader")
    app.settings()
    seen = outcomes(app, KUBECONFIG=str(config))
    memory, rights = seen["memory use"], seen["rights"]
    assert memory["outcome"] == "ok"
    assert "`get nodes/proxy` is not allowed; either is optional" in memory["detail"]
    assert rights["outcome"] == "failed"
    assert "get pods/exec, create pods/exec" in rights["detail"]
    assert "patch deployments.apps" in rights["detail"]
    assert "create services" in rights["detail"]
    assert "configmaps" not in rights["detail"], "this chart makes none"
    assert "list pods," not in rights["detail"]


def test_rights_are_asked_for_what_the_manifests_hold(app: Deployed, tmp_path: Path) -> None:
    kubectl("-n", app.namespace, "create", "serviceaccount", "reader")
    config = as_service_account(app.namespace, tmp_path, "reader")
    settings = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}}
    (app.project / "settings.yaml").write_text(json.dumps(settings))
    app.settings(manifests=["settings.yaml"])
    detail = outcomes(app, KUBECONFIG=str(config))["rights"]["detail"]
    assert "create configmaps" in detail
    assert "patch configmaps" in detail
    assert "create deployments.apps" not in detail


def test_a_registry_that_is_not_there_fails_with_a_remedy(app: Deployed) -> None:
    app.settings(registry="127.0.0.1:1/nowhere")
    push = outcomes(app)["registry push"]
    assert push["outcome"] == "failed"
    assert push["remedy"]
