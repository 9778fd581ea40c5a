from pathlib import Path

import pytest

from tests.scaffold.trees import DOCKERFILE, FASTAPI, FLASK, KINDS, PROCFILE, SCRIPT, Files, plant
from tui.config.draft_toml import load_environment
from tui.model.faults import Fault, FaultError
from tui.model.proposals import Proposal, Target
from tui.scaffold.scaffolder import ProjectScaffolder


def texts(proposal: Proposal) -> dict[str, str]:
    return {file.path: file.content for file in proposal.files}


def refused(scaffolder: ProjectScaffolder, proposal: Proposal) -> Fault:
    with pytest.raises(FaultError) as caught:
        scaffolder.write(proposal)
    return caught.value.fault


def tree_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("kind", KINDS)
def test_create_writes_a_scaffold_that_loads_and_is_stable(project: Path, kind: str) -> None:
    scaffolder = ProjectScaffolder(plant(project, KINDS[kind]))
    proposal = scaffolder.propose()
    written = scaffolder.write(proposal)
    assert {"draft.toml", ".dockerignore"} <= set(written)
    loaded = load_environment(project)
    assert (loaded.backend, loaded.name, loaded.pack) == ("local", "greeter", proposal.pack)
    again = scaffolder.propose()
    assert not [file.path for file in again.files if file.differs]
    assert (again.pack, again.command, again.port) == (
        proposal.pack,
        proposal.command,
        proposal.port,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_no_place_is_left_unfilled(project: Path, kind: str) -> None:
    proposal = ProjectScaffolder(plant(project, KINDS[kind])).propose()
    for path, text in texts(proposal).items():
        for place in ("@name@", "@port@", "@probe@", "@cmd@", "@install@", "@build@", "@expose@"):
            assert place not in text, path


def test_what_the_user_asks_for_goes_before_what_is_found(project: Path) -> None:
    proposal = ProjectScaffolder(plant(project, FLASK)).propose(
        name="hello", port=8123, command='python app.py --greet "a b"'
    )
    assert (proposal.name, proposal.port) == ("hello", 8123)
    ProjectScaffolder(project).write(proposal)
    loaded = load_environment(project)
    assert (loaded.name, loaded.port) == ("hello", 8123)
    assert loaded.command == ("sh", "-c", 'python app.py --greet "a b"')
    assert "EXPOSE 8123" in texts(proposal)["Dockerfile"]
    assert "containerPort: 8123" in texts(proposal)["charts/hello/values.yaml"]


@pytest.mark.parametrize("name", ["9lives", "a" * 54])
def test_a_name_that_a_cluster_takes_for_no_release_is_refused_there_only(
    project: Path, name: str
) -> None:
    scaffolder = ProjectScaffolder(plant(project, FLASK))
    assert scaffolder.propose(name=name).name == name
    with pytest.raises(FaultError) as caught:
        scaffolder.propose(name=name, target=Target("kubernetes"))
    assert caught.value.fault.code == "config-name"
    assert scaffolder.propose(name="a--b", target=Target("kubernetes")).name == "a--b"


def test_a_wrong_name_is_refused_with_a_right_one(project: Path) -> None:
    with pytest.raises(FaultError) as caught:
        ProjectScaffolder(plant(project, FLASK)).propose(name="My App")
    assert caught.value.fault.code == "config-name"
    assert "--name my-app" in caught.value.fault.remedy


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (Target("kubernetes", namespace="x.y:z"), "config-name"),
        (Target("kubernetes", registry="https://registry.example.com"), "config-bad-value"),
    ],
)
def test_what_no_draft_toml_may_say_is_refused_before_it_is_written(
    project: Path, target: Target, code: str
) -> None:
    with pytest.raises(FaultError) as caught:
        ProjectScaffolder(plant(project, FLASK)).propose(target=target)
    assert caught.value.fault.code == code
    assert not caught.value.fault.place, "there is no such line yet"


def test_a_folder_name_that_is_no_label_is_changed_and_told(tmp_path: Path) -> None:
    proposal = ProjectScaffolder(plant(tmp_path / "My ☕ App\n2", FLASK)).propose()
    assert proposal.name == "my-app-2"
    assert any("no DNS label" in note for note in proposal.notes)


@pytest.mark.parametrize(
    ("files", "name", "says"),
    [
        ({"package.json": '{"name": "@acme/Shop.Front"}'}, "shop-front", "package.json names it"),
        ({"pyproject.toml": "[project]\nname = 'Shop_API'"}, "shop-api", "'Shop_API'"),
        ({"pyproject.toml": "[tool.poetry]\nname = 'shop'"}, "shop", "pyproject.toml"),
        ({"setup.cfg": "[metadata]\nname = shop"}, "shop", "setup.cfg names it 'shop'"),
        ({"setup.py": "setup(name='shop')"}, "shop", "setup.py names it 'shop'"),
        ({"package.json": '{"name": "@acme/"}'}, "greeter", ""),
        ({"package.json": '{"name": ["shop"]}'}, "greeter", ""),
        ({"package.json": '{"name": "9lives"}'}, "app-9lives", "'9lives'"),
        ({"package.json": '{"name": "a"}', "pyproject.toml": "[project]\nname='b'"}, "b", "'b'"),
    ],
)
def test_the_app_is_called_as_its_manifest_names_it(
    project: Path, files: Files, name: str, says: str
) -> None:
    tree = {**FASTAPI, "pyproject.toml": "", "requirements.txt": "fastapi", **files}
    proposal = ProjectScaffolder(plant(project, tree)).propose(pack="python")
    assert proposal.name == name
    called = [note for note in proposal.notes if note.endswith(f"the app is called {name}")]
    assert [says in note for note in called] == [True] * bool(says)
    assert ProjectScaffolder(project).propose(pack="python", name="mine").name == "mine"


def test_the_image_installs_each_manifest_where_it_lies(project: Path) -> None:
    dockerfile = texts(ProjectScaffolder(plant(project, KINDS["django"])).propose())["Dockerfile"]
    assert "COPY requirements.txt ./\nCOPY more/base.txt ./more/\nRUN --mount" in dockerfile


def test_an_image_without_manifests_installs_nothing(project: Path) -> None:
    proposal = ProjectScaffolder(plant(project, SCRIPT)).propose()
    assert "pip install" not in texts(proposal)["Dockerfile"]
    assert "EXPOSE" not in texts(proposal)["Dockerfile"]
    assert "containerPort: 0" in texts(proposal)["charts/greeter/values.yaml"]
    assert any("open no port" in note for note in proposal.notes)


def test_what_the_command_needs_is_installed_beside(project: Path) -> None:
    proposal = ProjectScaffolder(plant(project, FASTAPI)).propose()
    assert "pip install 'fastapi>=0.1' uvicorn\n" in texts(proposal)["Dockerfile"]
    assert 'probe-path = "/healthz"' in texts(proposal)["draft.toml"]


def test_the_image_of_a_project_without_manifests_has_its_framework(project: Path) -> None:
    proposal = ProjectScaffolder(plant(project, {"app.py": FLASK["app.py"]})).propose()
    assert "pip install flask\n" in texts(proposal)["Dockerfile"]
    assert any("no manifest names flask" in note for note in proposal.notes)


@pytest.mark.parametrize("files", [DOCKERFILE, PROCFILE])
def test_files_that_say_the_command_keep_saying_it(project: Path, files: dict[str, str]) -> None:
    proposal = ProjectScaffolder(plant(project, files)).propose()
    assert proposal.command
    assert "command" not in texts(proposal)["draft.toml"]


def test_the_users_own_files_are_taken_as_they_are(project: Path) -> None:
    own = {"charts/mine/Chart.yaml": "name: mine\n", ".dockerignore": "mine\n"}
    scaffolder = ProjectScaffolder(plant(project, {**DOCKERFILE, **own}))
    before = tree_of(project)
    proposal = scaffolder.propose()
    assert scaffolder.write(proposal, force=True) == ("draft.toml",)
    after = tree_of(project)
    assert {path: after[path] for path in before} == before
    assert any("Dockerfile, .dockerignore" in note for note in proposal.notes)


def test_a_draft_toml_of_another_content_is_not_overwritten_without_force(project: Path) -> None:
    scaffolder = ProjectScaffolder(plant(project, {**FLASK, "draft.toml": "# mine\n"}))
    before = tree_of(project)
    proposal = scaffolder.propose()
    fault = refused(scaffolder, proposal)
    assert (fault.code, fault.evidence) == ("create-would-overwrite", ("draft.toml",))
    assert tree_of(project) == before
    scaffolder.write(proposal, force=True)
    assert load_environment(project).name == "greeter"


def test_a_file_that_came_after_the_preview_is_not_overwritten(project: Path) -> None:
    scaffolder = ProjectScaffolder(plant(project, FLASK))
    proposal = scaffolder.propose()
    (project / "Dockerfile").symlink_to("dangling")
    assert refused(scaffolder, proposal).evidence == ("Dockerfile",)
    assert not (project / "draft.toml").exists()


def test_a_draft_toml_that_is_a_folder_is_told(project: Path) -> None:
    plant(project, {**FLASK, "draft.toml/x": ""})
    with pytest.raises(FaultError) as caught:
        ProjectScaffolder(project).propose()
    assert caught.value.fault.place == "draft.toml"


def test_a_file_of_ours_that_was_edited_is_renewed_by_force_only(project: Path) -> None:
    scaffolder = ProjectScaffolder(plant(project, FLASK))
    scaffolder.write(scaffolder.propose())
    dockerfile = project / "Dockerfile"
    fresh = dockerfile.read_text()
    dockerfile.write_text(f"{fresh}# edited\n")
    again = scaffolder.propose()
    assert refused(scaffolder, again).evidence == ("Dockerfile",)
    assert scaffolder.write(again, force=True) == ("Dockerfile",)
    assert dockerfile.read_text() == fresh
