"""What a project is deployed by already is taken by `create`, and nothing put beside it."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.scaffold.trees import SCRIPT, Files, plant
from tui.backends.kubernetes.configuration import read_manifests
from tui.config.environment import Environment
from tui.model.proposals import Proposal, Target
from tui.scaffold.scaffolder import ProjectScaffolder

CLUSTER = Target("kubernetes", registry="registry.example/team")
DEPLOYMENT = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\n"
    "spec:\n  containers:\n  - image: {}\n"
)
SERVICE = "# a comment\nkind: Service\nmetadata:\n  # its name\n  name: web\napiVersion: v1\n"
SERVICE_JSON = '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}}'
LIST_JSON = f'{{"kind": "List", "apiVersion": "v1", "items": [{SERVICE_JSON}]}}'
SKAFFOLD = "apiVersion: skaffold/v4beta6\nkind: Config\nmetadata:\n  name: greeter\n"
WEB = DEPLOYMENT.format("greeter:1")


def proposed(
    project: Path, files: Files, target: Target = CLUSTER
) -> tuple[Proposal, dict[str, Any]]:
    """Return what is proposed, and the environment that draft.toml would have."""
    plant(project, {**SCRIPT, **files})
    proposal = ProjectScaffolder(project).propose(target=target)
    (settings,) = (file.content for file in proposal.files if file.path == "draft.toml")
    table: dict[str, Any] = tomllib.loads(settings)["environments"]["development"]
    return proposal, table


def written(proposal: Proposal) -> set[str]:
    """Return the folders at the top that would be written to."""
    return {file.path.partition("/")[0] for file in proposal.files if "/" in file.path}


@pytest.mark.parametrize("manifests", [False, True])
@pytest.mark.parametrize(
    ("files", "entries"),
    [
        ({"deploy/web.yaml": WEB, "deploy/service.yml": SERVICE}, ["deploy"]),
        ({"k8s/all.yaml": f"---\n{SERVICE}---\n{WEB}"}, ["k8s"]),
        ({"k8s/list.yaml": f"apiVersion: v1\nkind: List\nitems:\n- {WEB}"}, ["k8s"]),
        ({"web.yaml": WEB, "compose.yaml": "services: {}\n"}, ["web.yaml"]),
        (
            {
                "k8s/web.yaml": WEB,
                "k8s/kustomization.yaml": "apiVersion: kustomize/v1\nkind: Kustomization\n",
            },
            ["k8s/web.yaml"],
        ),
        (
            {"k8s/web.yaml": WEB, "k8s/live/patch.yaml": "spec: {}\n"},
            ["k8s/web.yaml"],
        ),
        (
            {"k8s/web.yaml": WEB, "k8s/overlays/prod/kustomization.yaml": "resources: [..]\n"},
            ["k8s/web.yaml"],
        ),
        ({"k8s/web.yaml": WEB, "k8s/.ci/values.yaml": "a: 1\n"}, ["k8s/web.yaml"]),
        ({"k8s/web.yaml": WEB, "k8s/dist/all.yml": WEB}, ["k8s/web.yaml"]),
        ({"k8s/web.yaml": WEB, "k8s/dashboard.json": '{"panels": []}'}, ["k8s/web.yaml"]),
        ({"k8s/web.yaml": WEB, "k8s/broken.json": "{"}, ["k8s/web.yaml"]),
        ({"k8s/web.yaml": WEB, "k8s/all.json": LIST_JSON, "k8s/one.json": SERVICE_JSON}, ["k8s"]),
        (
            {"k8s/a.json": SERVICE_JSON, "k8s/b.json": "[]", "k8s/web.yaml": WEB},
            ["k8s/a.json", "k8s/web.yaml"],
        ),
        (
            {
                "web.yaml": WEB,
                "kind.yaml": "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes: []\n",
                "skaffold.yaml": SKAFFOLD,
                "some.yaml": f"{SERVICE}---\nport: 80\n",
                "job.yaml": "apiVersion: batch/v1\nkind: Job\nmetadata:\n  generateName: j-\n",
            },
            ["web.yaml"],
        ),
        ({"web.yaml": f"# ours\r\n---\r\n{WEB}...\n--- # last\n# nothing\n"}, ["web.yaml"]),
    ],
)
def test_manifests_that_are_there_are_taken_and_no_others_written(
    project: Path, files: Files, entries: list[str], manifests: bool
) -> None:
    target = Target("kubernetes", manifests=manifests)
    proposal, table = proposed(project, files, target)
    assert table["manifests"] == entries
    assert not written(proposal)
    assert f"these manifests are taken as they are: {', '.join(entries)}" in proposal.notes
    assert not [note for note in proposal.notes if "has to name it" in note]


@pytest.mark.parametrize(
    ("image", "named"),
    [
        ("greeter", True),
        ("registry.example/team/greeter@sha256:1", True),
        ("gcr.io/samples/greeter:v4", False),
        ("greeter-db", False),
    ],
)
def test_manifests_none_of_which_names_the_image_are_told_to(
    project: Path, image: str, named: bool
) -> None:
    proposal, _ = proposed(project, {"k8s/web.yaml": DEPLOYMENT.format(image)})
    told = "the container that runs the app has to name it: `image: greeter`" in proposal.notes
    assert told is not named


def test_a_chart_outside_of_charts_is_taken_before_manifests(project: Path) -> None:
    files = {
        "helm/Chart.yaml": "name: greeter\n",
        "helm/crd.yaml": WEB,
        "deploy/web.yaml": WEB,
        "base/Chart.yaml": "name: base\ntype: library\n",
    }
    proposal, table = proposed(project, files)
    assert table["chart"] == "helm"
    assert "manifests" not in table
    assert not written(proposal)
    assert "the chart in helm/ is taken as it is" in proposal.notes


def test_a_folder_that_is_taken_whole_is_read_by_the_backend_without_a_fault(
    project: Path,
) -> None:
    files = {"k8s/web.yaml": WEB, "k8s/one.json": SERVICE_JSON, "k8s/sub/notes.md": ""}
    _, table = proposed(project, files)
    environment = Environment("development", "greeter", manifests=tuple(table["manifests"]))
    read = read_manifests(project, environment)
    assert [document.place for document in read] == ["k8s/one.json:1", "k8s/web.yaml:1"]


@pytest.mark.parametrize(
    "files",
    [
        {"settings.yaml": "port: 80\n"},
        {"k8s/config.yaml": SERVICE},
        {"templates/web.yaml": f"{WEB}# {{{{ x }}}}\n"},
        {"base/Chart.yaml": "name: base\ntype: library\n"},
    ],
)
def test_what_deploys_no_workload_has_a_chart_written_as_ever(project: Path, files: Files) -> None:
    proposal, table = proposed(project, files)
    assert written(proposal) == {"charts"}
    assert not {"chart", "manifests"} & table.keys()


def test_what_create_wrote_itself_is_written_again(project: Path) -> None:
    target = Target("kubernetes", manifests=True)
    proposal, _ = proposed(project, {}, target)
    ProjectScaffolder(project).write(proposal)
    again = ProjectScaffolder(project).propose(target=target)
    assert written(again) == {"k8s"}


def test_where_it_runs_without_a_cluster_nothing_is_said_of_one(project: Path) -> None:
    proposal, table = proposed(project, {"k8s/web.yaml": WEB}, Target("docker"))
    assert "manifests" not in table
    assert not written(proposal)
