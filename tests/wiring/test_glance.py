"""The glance: what the first paint knows of an environment, read from files alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.projects import write_server
from tui.backends.history import Entry, History
from tui.model.faults import FaultError
from tui.model.images import Image
from tui.model.releases import Release
from tui.wiring.glance import glance
from tui.wiring.places import state_folder


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return write_server(tmp_path / "greeter")


def test_a_glance_tells_the_environment_and_its_newest_release(project: Path) -> None:
    history = History(state_folder(project, "development"), Entry)
    releases = [Release(number, Image("greeter", f"{number:040}")) for number in (9, 10)]
    for release in releases:
        history.write(Entry(release))
    seen = glance(project, "development")
    assert (seen.name, seen.environment, seen.backend) == ("greeter", "development", "local")
    assert seen.releases == (releases[1],)


def test_a_damaged_release_is_left_out(project: Path) -> None:
    folder = state_folder(project, "development") / "releases"
    folder.mkdir(parents=True)
    (folder / "1.json").write_text("{")
    assert glance(project, "development").releases == ()


def test_a_glance_tells_what_is_wrong_with_draft_toml(tmp_path: Path) -> None:
    with pytest.raises(FaultError):
        glance(tmp_path, "development")


def test_a_glance_loads_nothing_that_the_engine_needs() -> None:
    code = "import sys, tui.wiring.glance; print('\\n'.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"tui.engine", "tui.model.events", "tui.clients", "tui.scaffold", "asyncio", "sqlite3"}
    assert not heavy & set(run.stdout.split())
