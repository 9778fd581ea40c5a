"""Pictures of the local backend: from create to a crash."""

from pathlib import Path

from textual.pilot import Pilot

from tests.screenshots.stage import HUGE, LARGE, SMALL, ask, edit, serving, shown, take, until
from tui.model.faults import FaultError
from tui.scaffold.scaffolder import ProjectScaffolder
from tui.view.cockpit import Cockpit
from tui.view.session import Session
from tui.wiring.opening import open_engine


async def take_create(project: Path) -> None:
    """Take the first screen and the create screen."""
    scaffolder = ProjectScaffolder(project)
    try:
        async with open_engine(project, "development", watch=True):
            raise AssertionError("there must be no draft.toml yet")
    except FaultError as error:
        session = Session(project, "development", scaffolder, fault=error.fault)
    app = Cockpit(session)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause(1)
        await pilot.press("c")
        await pilot.pause(2)
        take(app, "create")
    scaffolder.write(scaffolder.propose())


async def take_loop(project: Path) -> None:
    """Take the loop: a good rollout, logs, history, a rollback's preview, a crash and its why."""
    async with shown(project, LARGE) as (app, engine, pilot):
        await pilot.press("u")
        await until(pilot, lambda: engine.state.verdict.outcome == "ready")
        edit(project, '"Hello"', '"Good morning"')
        await until(pilot, lambda: serving(engine) == 2)
        await ask(engine)
        await pilot.pause(3)
        take(app, "cockpit")
        await take_screens(app, pilot)
        edit(project, "from flask import", "import prometheus\nfrom flask import")
        await until(pilot, lambda: engine.state.verdict.outcome == "failed")
        await pilot.pause(1)
        take(app, "crash")
        app.theme = "redraft-light"
        await pilot.pause(1)
        take(app, "light")
    for size, name in ((SMALL, "small"), (HUGE, "huge")):
        async with shown(project, size) as (app, engine, pilot):
            await until(pilot, lambda: engine.state.rollout is not None)
            await pilot.pause(3)
            take(app, name)


async def take_screens(app: Cockpit, pilot: Pilot[str]) -> None:
    """Take what keys open over the loop."""
    for key, name in (("h", "history"), ("r", "rollback"), ("?", "help")):
        await pilot.press(key)
        await pilot.pause(1.5)
        take(app, name)
        await pilot.press("escape")
        await pilot.pause(0.5)
    await pilot.press("l", "/", *"orders|error")
    await pilot.pause(1.5)
    take(app, "filter")
    await pilot.press("escape", "backspace", "l")
