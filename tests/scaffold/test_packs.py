from pathlib import Path

import pytest

from tests.scaffold.trees import FLASK, plant
from tui.model.faults import Fault, FaultError
from tui.scaffold.packs import load_pack, load_packs, pick
from tui.scaffold.scaffolder import ProjectScaffolder

RULE = '[[rule]]\nfile = "x"\nweight = 1\nsays = "is x"\n'


def fault_of(folder: Path, text: str) -> Fault:
    plant(folder, {"pack.toml": text})
    with pytest.raises(FaultError) as caught:
        load_pack(folder)
    fault = caught.value.fault
    assert (fault.code, fault.kind) == ("pack-invalid", "usage")
    assert fault.place.endswith("pack.toml")
    return fault


def test_the_projects_pack_goes_before_the_users_and_that_before_ours(
    project: Path, own_pack_folder: Path
) -> None:
    from platformdirs import user_config_path

    def described() -> str:
        return load_packs(project)["python"].description

    assert described().startswith("Python")
    plant(user_config_path("redraft") / "packs" / "python", {"pack.toml": 'description = "user"'})
    assert described() == "user"
    plant(project / ".draft" / "packs" / "python", {"pack.toml": 'description = "project"'})
    assert described() == "project"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("= x", "Invalid"),
        ("colour = 'x'", "unknown key colour"),
        ("port = '1'", "port must be int"),
        ("rule = 3", "rule must be list"),
        ("[[rule]]\nfile = 'x'\n", "lacks weight"),
        (RULE + "colour = 1", "unknown key colour"),
        (RULE + "contains = '('", "contains:"),
        (RULE + "depends = 1", "depends must be str"),
        ("[[step]]\nname = 'x'\ncommand = 'x'\n", "command must be list"),
        ("[env]\nA = 1", "A must be str"),
    ],
)
def test_a_slip_in_a_pack_is_told(tmp_path: Path, text: str, part: str) -> None:
    assert part in fault_of(tmp_path / "mine", text).evidence[0]


def test_a_folder_without_pack_toml_and_dockerfile_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(FaultError, match="cannot be used"):
        load_pack(tmp_path)


def test_an_unknown_pack_names_those_there(project: Path) -> None:
    with pytest.raises(FaultError) as caught:
        pick(load_packs(project), project, "cobol")
    assert caught.value.fault.code == "pack-unknown"
    assert any(line.startswith("python: ") for line in caught.value.fault.evidence)


CLASSIC = {
    "Dockerfile": "FROM python:2\nEXPOSE 80\nCMD python app.py\n",
    ".dockerignore": "charts/\n",
    "README.md": "not copied",
    "tasks.toml": "[pre-up]\na = 'echo hi'\n",
    "extra/file.txt": "extra",
    "charts/Chart.yaml": "name: python\nversion: v0.1.0\n",
    "charts/templates/NOTES.txt": "{{ <CHARTNAME> }}",
    "charts/README.md": "not copied",
}


def test_a_classic_pack_of_drafts_works_as_it_is(project: Path, tmp_path: Path) -> None:
    plant(project, FLASK)
    pack = plant(tmp_path / "old-python", CLASSIC)
    scaffolder = ProjectScaffolder(project)
    proposal = scaffolder.propose(pack=str(pack))
    written = scaffolder.write(proposal)
    assert set(written) == {
        *("draft.toml", "Dockerfile", ".dockerignore", ".draft-tasks.toml", "extra/file.txt"),
        *("charts/greeter/Chart.yaml", "charts/greeter/templates/NOTES.txt"),
    }
    assert (project / "Dockerfile").read_text() == CLASSIC["Dockerfile"]
    assert 'name: "greeter"' in (project / "charts/greeter/Chart.yaml").read_text()
    assert (project / "charts/greeter/templates/NOTES.txt").read_text() == "{{ greeter }}"
    assert (proposal.port, proposal.command) == (80, "python app.py")


def test_a_pack_file_that_is_no_text_is_a_fault(project: Path, tmp_path: Path) -> None:
    pack = plant(tmp_path / "binary", {"Dockerfile": "FROM x\n"})
    (pack / "blob").write_bytes(b"\xff\xfe")
    with pytest.raises(FaultError) as caught:
        ProjectScaffolder(plant(project, FLASK)).propose(pack=str(pack))
    assert caught.value.fault.code == "pack-invalid"
