"""What `create` writes for the place where the app is to run."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.scaffold.trees import FLASK, SCRIPT, STATIC, plant
from tui.backends.kubernetes.documents import read_documents
from tui.backends.kubernetes.manifests import Wanted, prepare
from tui.config.environment import BackendName
from tui.model.images import Image
from tui.model.proposals import Proposal, Target
from tui.scaffold.scaffolder import ProjectScaffolder

MANIFESTS = Target("kubernetes", manifests=True)


def texts(proposal: Proposal) -> dict[str, str]:
    return {file.path: file.content for file in proposal.files}


def targeted(project: Path, **keys: Any) -> dict[str, str]:
    """Return the files for a project that is to run in a cluster, by path."""
    target = Target("kubernetes", **keys)
    return texts(ProjectScaffolder(plant(project, FLASK)).propose(target=target))


def test_a_project_for_a_cluster_says_where_and_leaves_out_what_only_processes_need(
    project: Path,
) -> None:
    files = targeted(project, context="kind-dev", namespace="team", registry="r.example.com/team")
    table = tomllib.loads(files["draft.toml"])["environments"]["development"]
    assert {key: table[key] for key in ("backend", "context", "namespace", "registry")} == {
        "backend": "kubernetes",
        "context": "kind-dev",
        "namespace": "team",
        "registry": "r.example.com/team",
    }
    assert table["create-namespace"] is True
    assert "command" not in table
    assert "stable port" not in files["draft.toml"]


@pytest.mark.parametrize("backend", ["local", "docker"])
def test_a_port_that_was_asked_for_is_the_stable_one_on_this_machine(
    project: Path, backend: BackendName
) -> None:
    scaffolder = ProjectScaffolder(plant(project, FLASK))
    files = texts(scaffolder.propose(port=8123, target=Target(backend)))
    assert "port = 8123" in files["draft.toml"]
    assert "EXPOSE 8123" in files["Dockerfile"]


@pytest.mark.parametrize(("folder", "glob"), [("", "**"), ("public/", "public/**")])
@pytest.mark.parametrize("backend", ["docker", "kubernetes"])
def test_a_static_site_is_synced_into_the_folder_that_its_image_serves(
    project: Path, backend: BackendName, folder: str, glob: str
) -> None:
    tree = {f"{folder}{path}": text for path, text in STATIC.items()}
    files = texts(ProjectScaffolder(plant(project, tree)).propose(target=Target(backend)))
    table = tomllib.loads(files["draft.toml"])["environments"]["development"]
    assert table["sync"] == {glob: "/site"}
    assert "COPY --chown=10001" in files["Dockerfile"]


def test_other_projects_and_the_local_backend_have_no_sync(project: Path) -> None:
    assert "sync" not in targeted(project)["draft.toml"]
    site = ProjectScaffolder(plant(project / "site", STATIC)).propose()
    assert "sync" not in texts(site)["draft.toml"]


def test_plain_manifests_are_written_instead_of_a_chart_and_are_valid(project: Path) -> None:
    files = targeted(project, manifests=True)
    assert not [path for path in files if path.startswith("charts/")]
    assert 'manifests = ["k8s"]' in files["draft.toml"]
    (deployment,) = read_documents(files["k8s/deployment.yaml"], "d")
    (service,) = read_documents(files["k8s/service.yaml"], "s")
    assert service.object["kind"] == "Service"
    pod = deployment.object["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    (container,) = pod["containers"]
    assert container["readinessProbe"]["tcpSocket"] == {"port": "http"}
    assert container["lifecycle"]["preStop"]["exec"]["command"] == ["sleep", "3"]
    put = Wanted(container["image"], Image(container["image"], "1"))
    assert prepare((deployment,), put)


def test_a_worker_s_manifests_have_neither_port_nor_service(project: Path) -> None:
    target = Target("kubernetes", manifests=True)
    files = texts(ProjectScaffolder(plant(project, SCRIPT)).propose(target=target))
    assert "k8s/service.yaml" not in files
    (deployment,) = read_documents(files["k8s/deployment.yaml"], "d")
    (container,) = deployment.object["spec"]["template"]["spec"]["containers"]
    assert not {"ports", "readinessProbe", "livenessProbe", "lifecycle"} & container.keys()


def test_only_an_image_known_to_run_as_a_plain_user_is_held_to_it(project: Path) -> None:
    assert "runAsNonRoot: true" in targeted(project, manifests=True)["k8s/deployment.yaml"]
    (project / "Dockerfile").write_text("FROM scratch\n")
    scaffolder = ProjectScaffolder(project)
    manifests = texts(scaffolder.propose(pack="python", target=MANIFESTS))["k8s/deployment.yaml"]
    assert "runAsNonRoot: false" in manifests
    assert "drop: []" in manifests
    assert "preStop" not in manifests
