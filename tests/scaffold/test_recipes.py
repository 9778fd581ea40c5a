import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.scaffold.trees import DOCKERFILE, EXPRESS, FASTAPI, FLASK, KINDS, SCRIPT, plant
from tui.config.environment import Environment
from tui.model.faults import FaultError
from tui.scaffold.recipes import local_recipe, shell_command


def environment(pack: str = "", command: tuple[str, ...] = (), port: int = 0) -> Environment:
    return Environment("development", "greeter", "local", pack=pack, command=command, port=port)


def test_python_installs_into_a_venv_of_its_own(project: Path) -> None:
    recipe = local_recipe(plant(project, FLASK), environment())
    venv, pip = recipe.steps
    assert venv.command == ("{python}", "-m", "venv", "{dependencies}/venv")
    assert pip.command[0] == "{dependencies}/venv/bin/python"
    assert pip.command[-2:] == ("-r", "requirements.txt")
    assert venv.manifests == pip.manifests == ("requirements.txt",)
    assert dict(recipe.env)["PATH"].startswith("{dependencies}/venv/bin:")
    assert dict(recipe.env)["PYTHONUNBUFFERED"] == "1"


def test_included_requirements_are_manifests_too(project: Path) -> None:
    recipe = local_recipe(plant(project, KINDS["django"]), environment())
    assert recipe.steps[1].manifests == ("requirements.txt", "more/base.txt")


def test_what_pyproject_names_is_installed_without_the_project(project: Path) -> None:
    recipe = local_recipe(plant(project, FASTAPI), environment())
    assert recipe.steps[1].command[-2:] == ("fastapi>=0.1", "uvicorn")


def test_what_is_named_to_poetry_is_installed(project: Path) -> None:
    text = "[tool.poetry.dependencies]\npython = '^3.11'\nflask = '^3.0'\n"
    recipe = local_recipe(
        plant(project, {"app.py": FLASK["app.py"], "pyproject.toml": text}), environment()
    )
    assert recipe.steps[1].command[-1:] == ("flask>=3.0,<4",)


@pytest.mark.parametrize(
    "manifests",
    [
        {"setup.cfg": "[options]\ninstall_requires =\n    flask>=3\n"},
        {"setup.py": "from setuptools import setup\nsetup(install_requires=['flask>=3'])\n"},
        {"setup.py": "import setuptools", "setup.cfg": "[options]\ninstall_requires = flask>=3\n"},
        {"pyproject.toml": "[project]\n", "setup.cfg": "[options]\ninstall_requires=flask>=3\n"},
    ],
)
def test_what_setuptools_is_told_in_its_own_files_is_installed(
    project: Path, manifests: dict[str, str]
) -> None:
    recipe = local_recipe(plant(project, {"app.py": FLASK["app.py"], **manifests}), environment())
    assert recipe.steps[1].command[-1:] == ("flask>=3",)
    assert set(recipe.steps[1].manifests) == set(manifests)


def test_a_framework_that_no_manifest_names_is_installed_all_the_same(project: Path) -> None:
    recipe = local_recipe(plant(project, {"app.py": FLASK["app.py"]}), environment())
    venv, pip = recipe.steps
    assert venv.command[-1] == "{dependencies}/venv"
    assert pip.command[-1:] == ("flask",)
    assert pip.manifests, "without manifests it would be run for every revision"


def test_a_script_without_manifests_installs_nothing(project: Path) -> None:
    assert local_recipe(plant(project, SCRIPT), environment()).steps == ()


def test_a_requirement_never_becomes_an_option_of_pip(project: Path) -> None:
    text = "[project]\ndependencies = ['--index-url=x', 'flask', 3]\n"
    recipe = local_recipe(plant(project, {**SCRIPT, "pyproject.toml": text}), environment())
    assert recipe.steps[1].command[-1:] == ("flask",)
    assert "--index-url=x" not in recipe.steps[1].command


@pytest.mark.parametrize("text", ["", "[project]\nname = 'x'\n", "= broken"])
def test_without_dependencies_there_is_nothing_to_build(project: Path, text: str) -> None:
    recipe = local_recipe(plant(project, {**SCRIPT, "pyproject.toml": text}), environment())
    assert recipe.steps == ()


def test_a_script_that_serves_nothing_opens_no_port_unless_told(project: Path) -> None:
    plant(project, SCRIPT)
    assert not local_recipe(project, environment()).opens_port
    assert local_recipe(project, environment(port=8080)).opens_port


def test_a_script_that_speaks_of_a_port_opens_one(project: Path) -> None:
    assert local_recipe(plant(project, KINDS["server"]), environment()).opens_port


def test_node_modules_are_linked_where_they_are_installed(project: Path) -> None:
    recipe = local_recipe(plant(project, EXPRESS), environment())
    assert [step.name for step in recipe.steps] == ["npm ci"]
    assert recipe.steps[0].manifests == ("package.json", "package-lock.json")
    assert recipe.links == (("node_modules", "{dependencies}/node_modules"),)


def test_what_is_compiled_is_built_at_every_revision(project: Path) -> None:
    text = '{"scripts": {"build": "tsc", "start": "node dist/a.js"}, "devDependencies": {"x": "1"}}'
    recipe = local_recipe(plant(project, {"package.json": text}), environment())
    assert [(step.name, step.manifests) for step in recipe.steps] == [
        ("npm install", ("package.json",)),
        ("npm run build", ()),
    ]


def test_a_dockerfile_starts_it_and_the_language_builds_it(project: Path) -> None:
    recipe = local_recipe(plant(project, DOCKERFILE), environment("dockerfile"))
    assert recipe.pack == "dockerfile"
    assert [step.name for step in recipe.steps][1:] == ["pip install -r requirements.txt"]
    command = 'exec gunicorn -b 127.0.0.1:"$PORT" --config ./conf.py app:app'
    assert recipe.command == ("sh", "-c", command)
    assert dict(recipe.env)["MODE"] == "fast"
    assert "PORT" not in dict(recipe.env)


def test_a_procfile_is_read_anew_each_time(project: Path) -> None:
    plant(project, KINDS["procfile"])
    plant(project, {"Procfile": "web: python3 other.py\n"})
    recipe = local_recipe(project, environment("procfile"))
    assert recipe.command == ("sh", "-c", "exec python3 other.py")


def test_draft_tomls_command_goes_before_what_is_found(project: Path) -> None:
    plant(project, FLASK)
    argv = ("python3", "app.py")
    assert local_recipe(project, environment(command=argv)).command == argv
    text = ("sh", "-c", "python3 app.py")
    recipe = local_recipe(project, environment("python", text))
    assert recipe.command == ("sh", "-c", "exec python3 app.py")
    assert len(recipe.steps) == 2


def test_what_no_pack_knows_runs_by_its_command_alone(project: Path) -> None:
    plant(project, {"run.pl": "x"})
    recipe = local_recipe(project, environment(command=("perl", "run.pl")))
    assert (recipe.pack, recipe.steps, recipe.command) == ("", (), ("perl", "run.pl"))


@pytest.mark.parametrize(
    ("files", "pack", "code"),
    [
        ({"Dockerfile": "FROM x\n"}, "", "command-missing"),
        ({"a.txt": ""}, "", "detection-nothing"),
        ({"a.txt": ""}, "cobol", "pack-unknown"),
        ({"a.txt": ""}, "python", "command-missing"),
    ],
)
def test_what_cannot_be_started_is_a_fault(
    project: Path, files: dict[str, str], pack: str, code: str
) -> None:
    with pytest.raises(FaultError) as caught:
        local_recipe(plant(project, files), environment(pack))
    assert (caught.value.fault.code, caught.value.fault.kind) == (code, "usage")


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("python3 app.py", True),
        ("flask run --host ${HOST:-127.0.0.1} --port $PORT", True),
        ("FOO=1 python3 app.py", False),
        ("a && b", False),
        ("a | b", False),
        ("exec a", False),
        ("cd src", False),
    ],
)
def test_the_shell_gives_way_to_a_simple_command_only(text: str, replaced: bool) -> None:
    assert shell_command(text) == ("sh", "-c", f"exec {text}" if replaced else text)
    assert shell_command("") == ()


SERVER = (
    "import http.server, os\n"
    "place = ('127.0.0.1', int(os.environ['PORT']))\n"
    "http.server.HTTPServer(place, http.server.SimpleHTTPRequestHandler).serve_forever()\n"
)


@pytest.mark.integration
@pytest.mark.parametrize(
    "files",
    [
        {"index.html": "hello"},
        {"public/index.html": "hello"},
        {"main.py": SERVER, "index.html": "hello"},
        {"Procfile": "web: GREETING=1 python3 s.py\n", "s.py": SERVER, "index.html": "hello"},
        {
            "Dockerfile": "FROM x\nWORKDIR /w\nCMD python3 /w/s.py",
            "s.py": SERVER,
            "index.html": "hello",
        },
    ],
)
def test_the_command_serves_on_the_port_it_is_given(project: Path, files: dict[str, str]) -> None:
    plant(project, files)
    pack = "python" if "main.py" in files else ""
    recipe = local_recipe(project, environment(pack))
    assert answer_of(project, recipe.command, dict(recipe.env)) == "hello"


def answer_of(project: Path, command: tuple[str, ...], env: dict[str, str]) -> str:
    """Start the command as the backend would, ask it once over HTTP and stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    filled = {k: v.replace("{PATH}", os.environ["PATH"]) for k, v in env.items()}
    running = subprocess.Popen(
        [word.replace("{python}", sys.executable) for word in command],
        cwd=project,
        env={**os.environ, **filled, "PORT": str(port)},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        return asked(f"http://127.0.0.1:{port}/", running)
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def asked(url: str, running: "subprocess.Popen[bytes]") -> str:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and running.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return str(response.read().decode())
        except urllib.error.URLError:
            continue
    raise AssertionError("it never answered")
