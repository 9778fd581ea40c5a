"""Pictures of the cockpit. After looking at the new ones: `pytest tests/view --snapshot-update`."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from tests.view import situations
from tests.view.listed import ListedLines, conversation, crash
from tests.view.logs.hosting import counted
from tests.view.scripted import Told
from tests.view.stage import MISSING, Stage, cockpit_on
from tui.view.logs.pane import LogPane

pytestmark = [pytest.mark.xdist_group("pictures"), pytest.mark.usefixtures("utc")]

Compare = Callable[..., bool]
SIZES = ((80, 24), (120, 36))
NOTHING_SAID = ListedLines(())

PICTURES: dict[str, tuple[tuple[Told, ...], ListedLines, tuple[str, ...], str]] = {
    "fresh": (situations.FRESH, NOTHING_SAID, (), "no lines yet"),
    "building": (situations.BUILDING, conversation(14), (), "5/7"),
    "good": (situations.GOOD, conversation(), (), "Rollout 15 ✔ ready"),
    "warned": (situations.REACHED, conversation(), (), "HTTP 502"),
    "failed-build": (situations.BUILD_FAILED, conversation(), (), "No matching distribution"),
    "crash-loop": (situations.CRASHING, crash(), (), "No module named 'redis'"),
    "history": (situations.CRASHING, crash(), ("h",), "ada@lovelace"),
    "rollback": (situations.CRASHING, crash(), ("r",), "import redis"),
    "why": (situations.CRASHING, crash(), ("i",), "[crash-loop]"),
}


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
@pytest.mark.parametrize("name", PICTURES)
def test_the_cockpit_looks_as_it_should(
    name: str, size: tuple[int, int], snap_compare: Compare
) -> None:
    told, logs, keys, wanted = PICTURES[name]
    app, _, _ = cockpit_on(told, logs=logs)
    assert snap_compare(app, terminal_size=size, run_before=posing(keys, wanted))


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
@pytest.mark.parametrize(
    ("keys", "wanted"),
    [((), "makes a Flask object"), (("c",), "requirements.txt  lists")],
    ids=["welcome", "create"],
)
def test_a_new_project_looks_as_it_should(
    keys: tuple[str, ...], wanted: str, size: tuple[int, int], snap_compare: Compare
) -> None:
    app, _, _ = cockpit_on(None, fault=MISSING)
    assert snap_compare(app, terminal_size=size, run_before=posing(keys, wanted))


@pytest.mark.parametrize("theme", ["redraft-light"])
def test_the_light_theme_looks_as_it_should(theme: str, snap_compare: Compare) -> None:
    app, _, _ = cockpit_on(situations.CRASHING, logs=crash())
    app.theme = theme
    pose = posing((), "No module named 'redis'")
    assert snap_compare(app, terminal_size=(120, 36), run_before=pose)


def posing(keys: tuple[str, ...], wanted: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Return what brings the cockpit into its pose and waits until it holds it."""

    async def pose(pilot: Pilot[Any]) -> None:
        app: App[Any] = pilot.app
        engine, scaffolder = app.session.engine, app.session.scaffolder  # type: ignore[attr-defined]  # a Cockpit
        stage = Stage(app, pilot, engine, scaffolder)  # type: ignore[arg-type]  # a Cockpit
        if engine is not None:
            await stage.until(lambda: app.screen_stack[0].query("LogPane"))
            await stage.shows("following")
            await stage.until(lambda: counted(app.screen_stack[0].query_one(LogPane)))
            await stage.settled()
        else:
            await stage.shows("makes a Flask object")
        await stage.press(*keys)
        await stage.shows(wanted)
        for field in app.screen.query(Input):
            field.cursor_blink = False  # a picture shows it, however long it took to be taken
        await pilot.pause()

    return pose
