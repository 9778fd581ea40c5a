"""A project's own lifecycle scripts: what npm would run with an install runs with the sources."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.scaffold.trees import DOCKERFILE, EXPRESS, plant
from tui.config.environment import Environment
from tui.model.proposals import Proposal, Target
from tui.model.recipes import LocalRecipe
from tui.scaffold.recipes import local_recipe
from tui.scaffold.scaffolder import ProjectScaffolder

ENVIRONMENT = Environment("development", "greeter", "local", pack="javascript")
INSTALL = ["npm pkg delete scripts", "npm install"]


def package(scripts: Mapping[str, object], main: str = "server.js") -> dict[str, str]:
    """Return a project with these scripts, one dependency and no lock file."""
    manifest = {"main": main, "scripts": scripts, "dependencies": {"express": "^4"}}
    return {"package.json": json.dumps(manifest), "server.js": "app.listen(4000)\n"}


def recipe(project: Path, files: Mapping[str, str]) -> LocalRecipe:
    return local_recipe(plant(project, files), ENVIRONMENT)


def steps(project: Path, scripts: Mapping[str, object], main: str = "server.js") -> list[str]:
    return [step.name for step in recipe(project, package(scripts, main)).steps]


def dockerfile(proposal: Proposal) -> list[str]:
    (text,) = (file.content for file in proposal.files if file.path == "Dockerfile")
    return text.splitlines()


@pytest.mark.parametrize(
    ("scripts", "run"),
    [
        ({"prepare": "tsc"}, ["prepare"]),
        ({"prepare": "tsc", "postinstall": "prisma generate"}, ["postinstall", "prepare"]),
        (
            {"postinstall": "c", "prepare": "d", "install": "b", "preinstall": "a"},
            ["preinstall", "install", "postinstall", "prepare"],
        ),
        ({"prepublish": "npm test"}, []),
        ({"prepare": " "}, []),
    ],
)
def test_its_own_scripts_run_after_the_install_in_npms_order(
    project: Path, scripts: Mapping[str, str], run: list[str]
) -> None:
    assert steps(project, scripts) == [*INSTALL, *(f"npm run {name}" for name in run)]


@pytest.mark.parametrize("scripts", [{}, {"start": "x", "test": "y"}, {"prepare": 3}, {"": ""}])
def test_a_project_without_such_scripts_is_installed_as_ever(
    project: Path, scripts: Mapping[str, object]
) -> None:
    assert steps(project, scripts) == ["npm install"]


def test_a_dependency_that_is_called_like_a_script_is_none(project: Path) -> None:
    text = '{"main": "server.js", "dependencies": {"install": "1", "prepare": "1"}}'
    files = {"package.json": text, "server.js": "app.listen(4000)\n"}
    assert [step.name for step in recipe(project, files).steps] == ["npm install"]


def test_a_byte_order_mark_hides_no_script(project: Path) -> None:
    files = package({"build": "tsc"}, "dist/server.js")
    files["package.json"] = "\ufeff" + files["package.json"]
    ran = [step.name for step in recipe(project, files).steps]
    assert ran == ["npm install", "npm run build"]


@pytest.mark.parametrize("scripts", ["text", ["prepare"], None])
def test_scripts_that_are_no_table_are_none(project: Path, scripts: object) -> None:
    text = json.dumps({"main": "server.js", "scripts": scripts, "dependencies": {"ms": "2"}})
    files = {"package.json": text, "server.js": "app.listen(4000)\n"}
    assert [step.name for step in recipe(project, files).steps] == ["npm install"]


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("husky", True),
        ("husky install", True),
        ("husky install .config/husky", True),
        ("npx husky", True),
        ("is-ci || husky install", True),
        ("husky || true", True),
        ("lefthook install", True),
        ("simple-git-hooks", True),
        ("npx only-allow pnpm", True),
        ("npx --yes only-allow npm", True),
        ("husky && tsc", False),
        ("tsc; husky", False),
        ("husky || npm run build", False),
        ("husky-like-tool", False),
        ("patch-package", False),
    ],
)
def test_what_only_a_developer_needs_costs_no_save_anything(
    project: Path, text: str, left_out: bool
) -> None:
    expected = INSTALL if left_out else [*INSTALL, "npm run prepare"]
    assert steps(project, {"prepare": text}) == expected


@pytest.mark.parametrize(
    ("prepare", "twice"),
    [
        ("npm run build", False),
        ("npm run -s build", False),
        ("husky && npm run build", False),
        ("yarn build", False),
        ("tsc", False),
        ("npm run build:types", True),
        ("cd web && npm run build", True),
        ("npm --prefix web run build", True),
        ("patch-package", True),
    ],
)
def test_nothing_is_built_twice(project: Path, prepare: str, twice: bool) -> None:
    built = ["npm run prepare"] + ["npm run build"] * twice
    scripts = {"prepare": prepare, "build": "tsc"}
    assert steps(project, scripts, "dist/server.js") == INSTALL + built


def test_what_git_hooks_are_set_up_by_does_not_keep_it_from_being_built(project: Path) -> None:
    scripts = {"prepare": "husky", "build": "cd web && npm run build"}
    assert steps(project, scripts, "dist/server.js") == [*INSTALL, "npm run build"]


@pytest.mark.parametrize(
    ("text", "there", "built"),
    [
        ("babel src -d lib", (), False),
        ("babel ./src --out-dir lib", (), False),
        ("babel src -d lib", ("src/a.ts",), True),
        ("babel client/src -d lib", (), True),
        ("babel src-legacy -d lib", (), True),
        ("cd client && babel src -d ../lib", (), True),
        ("tsc", (), True),
    ],
)
def test_a_published_package_is_not_built_from_sources_that_it_has_not(
    project: Path, text: str, there: tuple[str, ...], built: bool
) -> None:
    plant(project, dict.fromkeys(there, "x"))
    ran = steps(project, {"build": text}, "lib/server.js")
    assert ran == ["npm install"] + ["npm run build"] * built


def test_a_script_of_the_same_text_runs_once(project: Path) -> None:
    scripts = {"postinstall": "tsc", "prepare": "tsc"}
    assert steps(project, scripts) == [*INSTALL, "npm run postinstall"]


def test_without_an_install_nothing_is_taken_out_of_the_manifest(project: Path) -> None:
    text = '{"main": "server.js", "scripts": {"prepare": "node make.js"}}'
    files = {"package.json": text, "server.js": "app.listen(4000)\n"}
    assert [step.name for step in recipe(project, files).steps] == ["npm run prepare"]


def test_what_is_patched_is_installed_anew_where_the_patches_change(project: Path) -> None:
    files = {"patches/ms+2.1.3.patch": "x", "prisma/schema.prisma": "x"}
    delete, install = recipe(project, package({"postinstall": "x"}) | files).steps[:2]
    assert delete.manifests == ("package.json", *files)
    assert install.manifests == ("package.json",)


def test_an_image_runs_them_once_the_sources_are_there(project: Path) -> None:
    files = package({"postinstall": "patch-package", "prepare": "npm run build", "build": "tsc"})
    files |= {"package-lock.json": "{}", "patches/ms+2.1.3.patch": "x"}
    lines = dockerfile(ProjectScaffolder(plant(project, files)).propose())
    begin = lines.index("RUN chown 1000 /app") + 1
    assert lines[begin : lines.index("USER 1000")] == [
        "COPY package.json ./",
        "RUN npm pkg delete scripts # they need the sources",
        "COPY package-lock.json ./",
        "RUN --mount=type=cache,target=/root/.npm npm ci && mkdir -p node_modules",
        "COPY --chown=1000 . .",
        'ENV PATH="/app/node_modules/.bin:$PATH" HOST=0.0.0.0 PORT=4000',
        "RUN npm run postinstall",
        "RUN npm run prepare",
    ]


def test_an_image_of_a_project_without_such_scripts_is_what_it_was(project: Path) -> None:
    lines = dockerfile(ProjectScaffolder(plant(project, EXPRESS)).propose())
    begin = lines.index("RUN chown 1000 /app") + 1
    assert lines[begin : lines.index("USER 1000")] == [
        "COPY package.json package-lock.json ./",
        "RUN --mount=type=cache,target=/root/.npm npm ci && mkdir -p node_modules",
        "COPY --chown=1000 . .",
        'ENV PATH="/app/node_modules/.bin:$PATH" HOST=0.0.0.0 PORT=4000',
        "",
    ]


def test_create_says_which_scripts_run_and_which_do_not(project: Path) -> None:
    scripts = {"prepublish": "npm test", "prepare": "husky", "postinstall": "x", "preinstall": "y"}
    notes = ProjectScaffolder(plant(project, package(scripts))).propose().notes
    assert "run once the sources are there: package.json's preinstall, postinstall" in notes
    assert "not run, as no app needs them: package.json's prepublish, prepare" in notes


def test_create_says_nothing_of_scripts_that_another_dockerfile_decides_about(
    project: Path,
) -> None:
    files = {**package({"prepare": "tsc"}), "Dockerfile": DOCKERFILE["Dockerfile"]}
    scaffolder = ProjectScaffolder(plant(project, files))
    assert any("package.json's prepare" in note for note in scaffolder.propose().notes)
    elsewhere = scaffolder.propose(target=Target("docker")).notes
    assert not any("package.json's prepare" in note for note in elsewhere)
