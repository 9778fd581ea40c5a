"""`redraft doctor` against the real cluster: what is there, and what a user may not do."""

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cluster import kubectl
from tests.integration.kube.deployed import Deployed

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]


def outcomes(app: Deployed, **variables: str) -> dict[str, dict[str, str]]:
    doctor = replace(app.redraft, variables=variables)
    return {line["subject"]: line for line in doctor.json("doctor")}


def test_everything_a_deploy_needs_is_looked_at(app: Deployed) -> None:
    app.settings()
    seen = outcomes(app)
    wanted = {"docker", "buildx", "registry push", "kubernetes", "cluster clock", "namespace"}
    assert wanted | {"rights", "helm"} <= seen.keys()
    failed = {subject: line for subject, line in seen.items() if line["outcome"] == "failed"}
    assert failed == {}
    assert app.namespace in seen["namespace"]["detail"]


def test_missing_rights_are_named_with_verb_and_resource(app: Deployed, tmp_path: Path) -> None:
    kubectl("-n", app.namespace, "create", "serviceaccount", "reader")
    kubectl("-n", app.namespace, "create", "rolebinding", "reader", "--clusterrole=view",
            f"--serviceaccount={app.namespace}:reader")  # fmt: skip
    config = as_service_account(app, tmp_path, "reader")
    app.settings()
    rights = outcomes(app, KUBECONFIG=str(config))["rights"]
    assert rights["outcome"] == "failed"
    assert "create pods/exec" in rights["detail"]
    assert "patch deployments.apps" in rights["detail"]
    assert "create services" in rights["detail"]
    assert "configmaps" not in rights["detail"], "this chart makes none"
    assert "list pods," not in rights["detail"]


def test_rights_are_asked_for_what_the_manifests_hold(app: Deployed, tmp_path: Path) -> None:
    kubectl("-n", app.namespace, "create", "serviceaccount", "reader")
    config = as_service_account(app, tmp_path, "reader")
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


def as_service_account(app: Deployed, folder: Path, name: str) -> Path:
    """Write a kubeconfig that speaks as a service account of the namespace."""
    account = app.get("serviceaccount", name)
    secret = app.get("secret", account["secrets"][0]["name"])
    token = secret["data"]["token"]
    config = json.loads(kubectl("config", "view", "--raw", "-o", "json"))
    user = {"name": name, "user": {"token": base64.b64decode(token).decode()}}
    config["users"] = [user]
    for context in config["contexts"]:
        context["context"]["user"] = name
    path = folder / "reader.kubeconfig"
    path.write_text(json.dumps(config))
    path.chmod(0o600)
    return path
