"""Charts and manifests that a project brings: deployed as they are, watched wherever they are."""

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.cluster import kubectl
from tests.integration.kube.deployed import Deployed
from tests.integration.kube.test_manifests import config_map, service, web
from tests.integration.watching import watching

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


def chart(app: Deployed) -> Path:
    return app.project / "charts" / app.name


def test_a_chart_whose_image_is_an_empty_text_runs_what_was_built(app: Deployed) -> None:
    values, template = chart(app) / "values.yaml", chart(app) / "templates/deployment.yaml"
    values.write_text(
        re.sub(r"^image:\n(?:  .*\n)+", 'image: ""\n', values.read_text(), flags=re.M)
    )
    text = template.read_text().replace(
        '{{ include "app.image" . | quote }}', "{{ .Values.image }}"
    )
    template.write_text(text.replace("{{ .Values.image.pullPolicy }}", "IfNotPresent"))
    (chart(app) / "templates/NOTES.txt").unlink()
    app.up()
    assert app.answer() == "one"
    assert "@sha256:" in app.image()


def test_manifests_among_other_files_are_taken_by_create_and_deployed(app: Deployed) -> None:
    shutil.rmtree(app.project / "charts")
    (app.project / "draft.toml").unlink()
    files = {
        "web.yaml": yaml.safe_dump(web(app)),
        "service.json": json.dumps(service(app)),
        "dashboard.json": '{"panels": []}',
        "skaffold.yaml": "apiVersion: skaffold/v4beta6\nkind: Config\nmetadata:\n  name: x\n",
        "overlays/live/kustomization.yaml": "resources: [../..]\n",
        "overlays/live/map.yaml": json.dumps(config_map("live")),
    }
    for name, text in files.items():
        path = app.project / "deploy" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    target = ("--backend", "kubernetes", "--registry", app.registry, "--namespace", app.namespace)
    app.redraft.good("create", "--yes", "--name", app.name, "--port", "8080", *target)
    written = (app.project / "draft.toml").read_text()
    assert 'manifests = ["deploy/service.json", "deploy/web.yaml"]' in written
    app.up()
    assert app.answer() == "one"


def test_charts_that_no_image_has_are_watched_as_they_come_and_go(app: Deployed) -> None:
    app.settings(watch=True)
    coming, other = app.project.with_name("coming"), app.project / "k8s" / "other"
    for copy in (coming, other):
        shutil.copytree(chart(app), copy)
    settings = other / "templates/settings.yaml"
    settings.write_text(yaml.safe_dump(config_map("settings", a="1")))
    with watching(app.redraft) as told:
        coming.rename(app.project / "charts" / "a-first")
        assert told.until("IterationFinished", 2)["outcome"] == "ready"
        app.settings(watch=True, chart="k8s/other")
        assert told.until("IterationFinished", 3)["outcome"] == "ready"
        assert app.get("configmap", "settings")["data"] == {"a": "1"}
        settings.unlink()
        assert told.until("IterationFinished", 4)["outcome"] == "ready"
        assert "settings" not in kubectl("-n", app.namespace, "get", "configmap", "-o", "name")
