"""What is wrong before anything was deployed is told with what to do, and nothing is changed."""

from pathlib import Path

import pytest

from tests.cluster import kubeconfig, kubectl
from tests.integration.kube.deployed import Deployed

pytestmark = [pytest.mark.integration, pytest.mark.timeout(200)]

OTHER = """\
apiVersion: v1
kind: Config
current-context: elsewhere
clusters: [{name: c, cluster: {server: "https://192.0.2.1:6443"}}]
users: [{name: u, user: {token: t}}]
contexts: [{name: elsewhere, context: {cluster: c, user: u}}]
"""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "kubeconfig-missing"),
        ("", "kubeconfig-empty"),
        ("a: b: c", "kubeconfig-invalid"),
    ],
)
def test_a_kubeconfig_that_is_none_is_told(app: Deployed, text: str | None, code: str) -> None:
    path = app.project / "kubeconfig"
    if text is not None:
        path.write_text(text)
    assert f"[{code}]" in app.with_env(KUBECONFIG=str(path)).fault("up")


def test_a_context_that_is_not_there_is_told_with_the_nearest(app: Deployed) -> None:
    context = kubeconfig().current
    app.settings(context=f"{context}x")
    told = app.fault("up")
    assert "[context-missing]" in told
    assert context in told


def test_another_current_context_changes_nothing_after_the_first_up(app: Deployed) -> None:
    app.up()
    mine = Path(kubeconfig().paths[0])
    other = app.project / "other-kubeconfig"
    other.write_text(OTHER)
    app.edit("two")
    moved = app.with_env(KUBECONFIG=f"{other}:{mine}")
    assert "revision 2 is ready" in moved.up()
    assert app.answer() == "two"


def test_a_missing_namespace_is_told_and_made_when_asked_for(app: Deployed) -> None:
    app.settings(namespace=f"{app.namespace}-new")
    told = app.fault("up")
    assert "[namespace-missing]" in told
    assert "create-namespace = true" in told
    try:
        app.settings(namespace=f"{app.namespace}-new", create_namespace=True)
        assert "revision 1 is ready" in app.up()
    finally:
        kubectl("delete", "namespace", f"{app.namespace}-new", "--wait=false")


def test_a_protected_environment_is_not_touched_before_its_name_is_given(app: Deployed) -> None:
    app.settings(protected=True)
    assert "[name-not-confirmed]" in app.fault("up")
    assert "[name-not-confirmed]" in app.fault("up", "--confirm", "devel")
    assert not app.get("deployments")["items"]
    app.redraft.good("up", "--confirm", "development")
    assert "[name-not-confirmed]" in app.fault("delete", "--yes")
    assert app.get("deployments")["items"]


def chart_file(app: Deployed, name: str) -> Path:
    return app.project / "charts" / app.name / name


def test_a_chart_that_does_not_render_is_told_with_helms_words(app: Deployed) -> None:
    chart_file(app, "templates/wrong.yaml").write_text("{{ .Values.no.such.thing }}\n")
    told = app.fault("up")
    assert "[helm-failed]" in told
    assert "templates/wrong.yaml" in told
    assert "templates/wrong.yaml" in app.redraft("why").stdout


def test_a_chart_that_renders_nothing_is_refused_and_what_runs_goes_on(app: Deployed) -> None:
    app.up()
    for path in chart_file(app, "templates").glob("*.yaml"):
        path.unlink()
    assert "[chart-empty]" in app.fault("up")
    assert app.answer() == "one"
    assert [row["verdict"] for row in app.history()] == ["ready", "failed"]


def test_a_chart_that_has_its_image_elsewhere_is_refused_until_draft_toml_says_where(
    app: Deployed,
) -> None:
    for path in chart_file(app, "templates").iterdir():
        path.write_text(path.read_text().replace(".Values.image.", ".Values.web.image."))
    image = '{repository: theirs, tag: "1", digest: "", pullPolicy: IfNotPresent}'
    values = chart_file(app, "values.yaml")
    values.write_text(values.read_text() + f"web:\n  image: {image}\n")
    told = app.fault("up")
    assert "[image-unused]" in told
    assert "image: theirs:1" in told
    assert '"web.image"' in told
    app.settings(image_keys=["web.image"])
    app.up()
    assert app.answer() == "one"


def test_a_chart_of_two_deployments_is_ready_when_both_are(app: Deployed) -> None:
    template = chart_file(app, "templates/deployment.yaml")
    second = template.read_text().replace(
        "{{ .Release.Name | quote }}", '"{{ .Release.Name }}-second"', 1
    )
    selector = '{{- include "app.selector" . | nindent 6 }}'
    labels = '{{- include "app.labels" . | nindent 8 }}'
    second = second.replace(selector, f"{selector}\n      half: second")
    second = second.replace(labels, f"{labels}\n        half: second")
    chart_file(app, "templates/second.yaml").write_text(second)
    app.up()
    (status,) = app.redraft.json("status")
    assert [one["name"] for one in status["workloads"]] == [app.name, f"{app.name}-second"]
    assert all(one["ready"] == 1 for one in status["workloads"])


def test_without_helm_a_chart_is_told_to_need_it(app: Deployed, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    told = app.with_env(PATH=str(tools)).fault("up")
    assert "[helm-missing]" in told
