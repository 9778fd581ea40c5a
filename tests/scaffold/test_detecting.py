from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.scaffold.trees import FLASK, KINDS, SCRIPT, STATIC, TIE, plant
from tui.model.faults import Fault, FaultError
from tui.scaffold.detecting import Found, choose, detect
from tui.scaffold.packs import load_packs
from tui.scaffold.tree import Tree


def chosen(project: Path) -> Found:
    tree = Tree(project)
    return choose(detect(tree, load_packs(project)), tree)


def fault_of(project: Path) -> Fault:
    with pytest.raises(FaultError) as caught:
        chosen(project)
    assert caught.value.fault.kind == "usage"
    return caught.value.fault


@pytest.mark.parametrize(
    ("kind", "pack", "framework", "port", "command"),
    [
        ("flask", "python", "flask", 5000, "python3 -m flask --app app run"),
        ("fastapi", "python", "fastapi", 8000, "python3 -m uvicorn src.main:api"),
        ("django", "python", "django", 8000, "python3 manage.py runserver"),
        ("script", "python", "a plain script", 0, "python3 main.py"),
        ("server", "python", "a plain script", 9000, "python3 server.py"),
        ("express", "javascript", "express", 4000, "npm start"),
        ("node", "javascript", "node", 4100, "node main.js"),
        ("static", "static", "HTML", 8080, "python3 -m http.server"),
        ("public", "static", "HTML", 8080, "python3 -m http.server"),
        ("procfile", "procfile", "a web process", 8080, "FOO=1 gunicorn app:app"),
        ("dockerfile", "dockerfile", "", 5000, 'gunicorn -b 127.0.0.1:"$PORT"'),
    ],
)
def test_each_kind_of_project_is_recognised(
    project: Path, kind: str, pack: str, framework: str, port: int, command: str
) -> None:
    found = chosen(plant(project, KINDS[kind]))
    assert (found.pack.name, found.candidate.framework) == (pack, framework)
    assert found.port == port
    assert found.command.startswith(command)


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("app/__init__.py", "python3 -m flask --app app run"),
        ("src/shop/__init__.py", "env PYTHONPATH=src python3 -m flask --app shop run"),
        ("my site/shop/__init__.py", "env 'PYTHONPATH=my site' python3 -m flask --app shop run"),
        ("src/main.py", "python3 -m flask --app src.main run"),
    ],
)
def test_a_package_is_imported_once_and_by_the_name_that_its_own_modules_import_it_by(
    project: Path, path: str, command: str
) -> None:
    found = chosen(plant(project, {path: FLASK["app.py"]}))
    assert found.command.startswith(command)


@pytest.mark.parametrize(
    ("main", "command"),
    [
        ("index.js", "node server.js"),
        ("./server.js", "node ./server.js"),
        ("server", "node server"),
        ("dist/main.js", "node dist/main.js"),
    ],
)
def test_a_main_file_that_is_not_there_is_not_started(
    project: Path, main: str, command: str
) -> None:
    files = {"package.json": f'{{"main": "{main}"}}', "server.js": "app.listen(4000)\n"}
    assert chosen(plant(project, files)).command == command


@pytest.mark.parametrize(
    ("files", "command"),
    [
        (
            {
                "shop/__init__.py": "",
                "shop/db.py": "engine = create_engine()\n",
                "shop/factory.py": "def make() -> FastAPI:\n    return FastAPI()\n",
                "shop/main.py": "app = make()\n",
            },
            "python3 -m uvicorn shop.main:app --host",
        ),
        (
            {"web.py": "def other():\n    pass\n\ndef make():\n\n    app = FastAPI()\n"},
            "python3 -m uvicorn web:make --factory --host",
        ),
    ],
)
def test_what_makes_a_fastapi_app_elsewhere_is_found(
    project: Path, files: dict[str, str], command: str
) -> None:
    found = chosen(plant(project, {**files, "requirements.txt": "fastapi\n"}))
    assert found.command.startswith(command)
    assert found.extras == ("uvicorn",)


def test_a_package_is_run_from_the_folder_that_it_lies_in(project: Path) -> None:
    found = chosen(plant(project, {"src/shop/__init__.py": "", "src/shop/__main__.py": "1"}))
    assert found.command == "env PYTHONPATH=src python3 -m shop"


def test_the_evidence_names_files_and_weights_that_add_up(project: Path) -> None:
    candidate = chosen(plant(project, FLASK)).candidate
    told = {(clue.path, clue.says) for clue in candidate.clues}
    assert ("requirements.txt", "depends on flask") in told
    assert ("app.py", "looks like flask") in told
    assert candidate.weight == sum(clue.weight for clue in candidate.clues) == 160


def test_two_equally_likely_are_a_tie_with_evidence_for_both(project: Path) -> None:
    fault = fault_of(plant(project, TIE))
    assert fault.code == "detection-tie"
    assert "javascript or python" in fault.sentence
    assert "--pack javascript" in fault.remedy
    assert any(line.startswith("python: app.py") for line in fault.evidence)
    assert any(line.startswith("javascript: package.json") for line in fault.evidence)


def test_what_no_pack_knows_is_told_with_what_was_seen(project: Path) -> None:
    fault = fault_of(plant(project, {"notes.txt": "x", "data/a.csv": "1"}))
    assert fault.code == "detection-nothing"
    assert "notes.txt" in fault.evidence[0]


def test_an_empty_folder_is_told_as_such_even_under_git(project: Path) -> None:
    assert fault_of(project).code == "project-empty"
    plant(project, {".git/HEAD": "ref: refs/heads/main"})
    assert fault_of(project).code == "project-empty"


def test_a_missing_folder_is_a_fault(tmp_path: Path) -> None:
    assert fault_of(tmp_path / "nowhere").code == "project-missing"


def test_a_dockerfile_of_ours_does_not_hide_the_language(project: Path) -> None:
    plant(project, {**FLASK, "Dockerfile": "# Written by `redraft create`\nFROM x\n"})
    assert chosen(project).pack.name == "python"


def test_tests_and_deep_files_are_not_taken_for_the_entry(project: Path) -> None:
    files = {"test_app.py": "app = Flask(1)", "lib/app.py": "app = Flask(1)"}
    plant(project, {**files, "web.py": "site = flask.Flask(__name__)"})
    assert "--app web run" in chosen(project).command


def test_a_package_is_started_by_its_name(project: Path) -> None:
    plant(project, {"setup.py": "", "greeter/__main__.py": "from . import cli", "x.py": "1"})
    assert chosen(project).command == "python3 -m greeter"


def test_a_file_name_never_becomes_shell(project: Path) -> None:
    plant(project, {"a; touch pwned.py": "if __name__ == '__main__': pass"})
    assert chosen(project).command == "python3 'a; touch pwned.py'"


@pytest.mark.parametrize(
    ("source", "port"),
    [
        ("app.run(port=8123)", 8123),
        ("PORT = int(os.getenv('PORT', '8124'))", 8124),
        ("port = int(os.environ.get('PORT') or 8125)", 8125),
        ("app.run(port=99999)", 5000),
        ("app.run()", 5000),
    ],
)
def test_the_port_is_read_from_the_source(project: Path, source: str, port: int) -> None:
    plant(project, {**FLASK, "app.py": f"app = Flask(__name__)\n{source}\n"})
    assert chosen(project).port == port


def test_a_route_made_for_probes_is_found(project: Path) -> None:
    plant(project, {**FLASK, "app.py": "app = Flask(1)\n@app.get('/healthz')\n"})
    assert chosen(project).probe == "/healthz"


@pytest.mark.parametrize(
    "files",
    [
        {"package.json": "not json", "index.html": "x"},
        {"package.json": "[" * 100_000, "index.html": "x"},
        {"pyproject.toml": "= broken", "index.html": "x", "a.bin": "\0"},
        {"requirements.txt": "-r requirements.txt\n-r ../../etc/passwd\n", "app.py": "x"},
    ],
)
def test_broken_manifests_end_in_a_choice_and_not_in_a_traceback(
    project: Path, files: Mapping[str, str]
) -> None:
    assert chosen(plant(project, files)).candidate.weight > 0


def test_a_setup_py_is_a_manifest_and_never_the_app(project: Path) -> None:
    setup = "from setuptools import setup\nif __name__ == '__main__':\n    setup(name='shop')\n"
    found = chosen(plant(project, {"setup.py": setup, "shop/serve.py": "print('socket')"}))
    assert found.command == "python3 shop/serve.py"
    assert any(clue.says == "describes a Python project" for clue in found.candidate.clues)


def test_links_lead_nowhere(project: Path, tmp_path: Path) -> None:
    outside = plant(tmp_path / "outside", FLASK)
    plant(project, STATIC)
    (project / "loop").symlink_to(project)
    (project / "away").symlink_to(outside)
    (project / "app.py").symlink_to(outside / "app.py")
    assert Tree(project).files == ("index.html",)


def test_names_that_are_no_text_are_passed_over_and_told(project: Path) -> None:
    plant(project, {**SCRIPT, "with\nnewline ☕.py": "x"})
    try:
        (project / "caf\udce9.py").write_text("x")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    tree = Tree(project)
    assert tree.unreadable == [r"'caf\udce9.py'"]
    assert chosen(project).command == "python3 main.py"


def test_a_huge_tree_is_looked_at_in_part(project: Path) -> None:
    plant(project, {**FLASK, **{f"data/{n}.txt": "" for n in range(2_500)}})
    tree = Tree(project)
    assert tree.cut
    assert len(tree.files) == 2_000
    assert chosen(project).pack.name == "python"
