"""Opening: the first paint, a project without draft.toml, a broken one, one that comes late."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from tests.view import situations
from tests.view.scripted import START, ScriptedEngine
from tests.view.stage import MISSING, staged
from tui.model.faults import Fault
from tui.model.images import Image
from tui.model.releases import Release
from tui.model.state import State

BROKEN = Fault(
    "config-unknown-key",
    "`prot` is no key of an environment",
    "usage",
    evidence=("prot = 8080",),
    place="draft.toml:4",
    remedy="did you mean `port`?",
)
HEAVY = ("tui.model.events", "tui.engine", "tui.logs", "tui.view.logs")


def test_importing_the_cockpit_loads_nothing_that_the_first_paint_does_not_need() -> None:
    code = "import sys, tui.view.cockpit; print('\\n'.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert not loaded & {*HEAVY, "textual.widgets._markdown", "textual.widgets._data_table"}


GLANCE = State(
    name="greeter",
    environment="development",
    backend="local",
    context="workbench",
    releases=(
        Release(14, Image("greeter", "0123456789abcdef"), started=START - 7200, outcome="ready"),
    ),
)


async def test_the_first_paint_shows_what_is_known_without_an_engine() -> None:
    async with staged(None, glance=GLANCE) as stage:
        await stage.app.painted.wait()
        await stage.shows(
            "redraft  greeter  development  local  workbench  revision 14 …",
            "greeter:0123456789ab  2 h ago",
            "revision 14 ✔ ready  2 h ago",
            "looking at what runs …",
            "─ Logs ─",
            "q Quit",
        )
        assert "nothing" not in stage.text()


async def test_the_engine_and_the_logs_follow_the_first_paint() -> None:
    async with staged(None, glance=GLANCE) as stage:
        engine = ScriptedEngine(situations.GOOD)
        stage.app.attach(replace(stage.app.session, engine=engine))
        await stage.until(lambda: stage.app.screen.query("LogPane"))
        assert len(stage.app.screen.query(".logs")) == 1
        assert stage.app.state is engine.state
        await stage.shows("saved→ready", "● watching", "all pods")


async def test_an_engine_that_cannot_be_opened_leaves_its_fault_on_the_screen() -> None:
    async with staged(None) as stage:
        stage.app.attach(replace(stage.app.session, fault=BROKEN))
        await stage.shows("draft.toml:4: `prot` is no key", "prot = 8080", "did you mean `port`?")
        await stage.until(lambda: not stage.app.screen.query("RolloutPanel"))
        assert stage.app.is_running


async def test_a_project_without_a_draft_toml_is_invited_to_create_one() -> None:
    async with staged(None, fault=MISSING) as stage:
        await stage.shows(
            "There is no draft.toml in /home/ada/src/greeter",
            "Press c to create one",
            "This looks like python flask",
            "app.py  makes a Flask object",
        )


async def test_a_corrected_draft_toml_opens_the_environment_again(tmp_path: Path) -> None:
    (tmp_path / "draft.toml").write_text("prot = 8080\n")
    async with staged(None, fault=BROKEN, project=tmp_path) as stage:
        (tmp_path / "draft.toml").write_text("port = 8080 # longer\n")
        await stage.until(lambda: not stage.app.is_running)
        assert stage.app.return_value == "environment:development"


async def test_a_draft_toml_that_appears_opens_the_environment(tmp_path: Path) -> None:
    async with staged(None, fault=MISSING, project=tmp_path) as stage:
        (tmp_path / "draft.toml").write_text("[environments.development]\n")
        await stage.until(lambda: not stage.app.is_running)
        assert stage.app.return_value == "environment:development"


async def test_the_demo_tells_which_file_to_edit() -> None:
    async with staged(situations.GOOD, demo=True) as stage:
        await stage.shows("edit /home/ada/src/greeter/app.py in another window")
        await stage.press("q")
        (word,) = stage.app._exit_renderables
        assert str(word) == "stopping the demo and removing it"


async def test_a_notice_is_said_at_the_start() -> None:
    async with staged(situations.GOOD, notice="scaffold written") as stage:
        assert stage.words() == ["scaffold written"]
