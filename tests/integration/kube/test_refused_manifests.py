"""Manifests and charts that a real cluster is not given, or refuses: no secret is told."""

from typing import Any

import pytest

from tests.integration.kube.deployed import Deployed
from tests.integration.kube.test_manifests import config_map, web, write

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


def test_where_all_workloads_are_in_another_namespace_nothing_is_deployed(app: Deployed) -> None:
    aside = web(app)
    aside["metadata"]["namespace"] = "default"
    write(app, config_map("settings"), aside)
    told = app.fault("up")
    assert "[workloads-elsewhere]" in told
    assert f"Deployment {app.name} is in default" in told
    assert app.redraft.json("why")[0]["cause"] == "workloads-elsewhere"
    assert "settings" not in str(app.get("configmaps")["items"])


def test_where_all_workloads_of_a_chart_are_in_another_namespace_helm_is_not_asked(
    app: Deployed,
) -> None:
    (template,) = app.project.rglob("deployment.yaml")
    text = template.read_text()
    template.write_text(text.replace("metadata:\n", "metadata:\n  namespace: default\n", 1))
    told = app.fault("up")
    assert "[workloads-elsewhere]" in told
    assert "sh.helm.release" not in str(app.get("secrets")["items"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"stringData": {"PIN": 123456}},
        {"data": {"PIN": 123456}},
        {"data": "123456"},
        {"data": {"PIN": "123456!!"}},
    ],
)
def test_the_value_of_a_secret_that_is_invalid_is_told_nowhere(
    app: Deployed, wrong: dict[str, Any]
) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, **wrong}
    write(app, secret, web(app))
    told = app.fault("up")
    assert "[api-invalid]" in told
    assert "k8s/app.yaml" in told
    recorded = app.redraft.json("why")
    assert "123456" not in f"{told}{recorded}"
