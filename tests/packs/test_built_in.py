import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.scaffold.trees import FLASK, plant
from tests.testbed import lacking
from tui.backends.kubernetes.documents import read_documents
from tui.model.proposals import Proposal
from tui.scaffold.packs import built_in, load_packs
from tui.scaffold.sample import copy_sample
from tui.scaffold.scaffolder import ProjectScaffolder

PACKS = ("dockerfile", "javascript", "procfile", "python", "static")


def test_these_packs_are_built_in(project: Path) -> None:
    packs = load_packs(project)
    assert tuple(packs) == PACKS
    assert all(pack.description for pack in packs.values())


@pytest.mark.parametrize("pack", PACKS)
def test_a_project_can_be_created_with_every_pack(project: Path, pack: str) -> None:
    scaffolder = ProjectScaffolder(plant(project, FLASK))
    proposal = scaffolder.propose(pack=pack)
    assert proposal.pack == pack
    assert {"draft.toml", "Dockerfile", ".dockerignore"} <= set(scaffolder.write(proposal))


@pytest.mark.parametrize("pack", ["python", "javascript", "static"])
def test_every_image_runs_as_an_ordinary_user_on_the_given_port(project: Path, pack: str) -> None:
    proposal = ProjectScaffolder(plant(project, FLASK)).propose(pack=pack, port=8123)
    (dockerfile,) = (file.content for file in proposal.files if file.path == "Dockerfile")
    assert "PORT=8123" in dockerfile
    assert "\nUSER " in dockerfile


@pytest.mark.parametrize("pack", ["python", "javascript", "static"])
def test_no_image_needs_more_than_the_engines_own_builder(project: Path, pack: str) -> None:
    proposal = ProjectScaffolder(plant(project, FLASK)).propose(pack=pack)
    (dockerfile,) = (file.content for file in proposal.files if file.path == "Dockerfile")
    assert "syntax=" not in dockerfile, "it would be fetched from the public hub"
    assert "<<" not in dockerfile, "Docker 20.10 has no here-documents"


def chart_of(proposal: Proposal) -> dict[str, str]:
    head = f"charts/{proposal.name}/"
    return {
        file.path.removeprefix(head): file.content
        for file in proposal.files
        if file.path.startswith(head)
    }


def test_the_chart_is_whole_and_uses_only_values_that_it_has(project: Path) -> None:
    chart = chart_of(ProjectScaffolder(plant(project, FLASK)).propose())
    assert {"Chart.yaml", "values.yaml", ".helmignore", "templates/deployment.yaml"} <= set(chart)
    keys = set(re.findall(r"^\s*(\w+):", chart["values.yaml"], re.MULTILINE))
    for path, text in chart.items():
        opened = re.findall(r"{{-? (?:if|with|range|define)\b", text)
        assert len(opened) == len(re.findall(r"{{-? end\b", text)), path
        assert text.count("{{") == text.count("}}"), path
        for used in re.findall(r"\.Values\.([\w.]+)", text):
            assert set(used.split(".")) <= keys, f"{path}: {used}"
        for name in re.findall(r'include "([\w.]+)"', text):
            assert f'define "{name}"' in chart["templates/_helpers.tpl"], path


def test_the_sample_is_a_flask_app_that_can_be_greeted_otherwise(tmp_path: Path) -> None:
    copy_sample(tmp_path / "greeter")
    source = (tmp_path / "greeter" / "app.py").read_text()
    assert source.count('"Hello"') == 1
    proposal = ProjectScaffolder(tmp_path / "greeter").propose()
    assert (proposal.pack, proposal.framework) == ("python", "flask")
    compile(source, "app.py", "exec")


@pytest.mark.integration
def test_the_wheel_carries_the_packs(tmp_path: Path) -> None:
    root = built_in().parent
    if not (root / "pyproject.toml").is_file():
        pytest.skip("not run from the source tree")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=root, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    there = {path.relative_to(root) for path in built_in().rglob("*") if path.is_file()}
    assert {f"tui/{path.as_posix()}" for path in there} <= set(names)
    assert "tui/packs/python/.dockerignore" in names


@pytest.mark.integration
@pytest.mark.parametrize("port", [0, 8080])
def test_the_chart_renders_to_a_workload_that_rolls_without_a_gap(
    project: Path, port: int
) -> None:
    if shutil.which("helm") is None:
        lacking("helm is not installed")
    scaffolder = ProjectScaffolder(plant(project, FLASK))
    scaffolder.write(scaffolder.propose(name="greeter", port=8080))
    chart = project / "charts" / "greeter"
    command = ["helm", "template", "greeter", str(chart), f"--set=containerPort={port}"]
    rendered = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    objects = {one.object["kind"]: one.object for one in read_documents(rendered, "rendered")}
    assert ("Service" in objects) is bool(port)
    spec = objects["Deployment"]["spec"]
    assert spec["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
    pod = spec["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"] == {"runAsNonRoot": True}
    assert pod["terminationGracePeriodSeconds"] == 30
    (container,) = pod["containers"]
    assert ("readinessProbe" in container) is bool(port)
    assert ("lifecycle" in container) is bool(port)
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
