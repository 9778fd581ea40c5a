"""`make screenshots`: the cockpit on a real project, driven by keys, as SVG and PNG.

Everything on the pictures happened: the sample app was created, built, started, broken and rolled
back while they were taken.
"""

import asyncio
import contextlib
import os
import shutil
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from tui.engine.engine import Engine
from tui.model.faults import FaultError
from tui.scaffold.sample import copy_sample
from tui.scaffold.scaffolder import ProjectScaffolder
from tui.view.cockpit import Cockpit
from tui.view.session import Session
from tui.wiring.opening import open_backend, open_engine
from tui.wiring.removal import remove_state

PICTURES = Path(__file__).resolve().parents[2] / "screenshots"
PATIENCE = 120.0
LARGE, SMALL, HUGE = (120, 36), (80, 24), (200, 60)
REQUESTS = ("/error", "/", "/orders/17", "/", "/slow", *("/orders/18", "/") * 7)


async def main() -> None:
    """Take all pictures."""
    home = Path(tempfile.mkdtemp(prefix="redraft-pictures-"))
    os.environ["XDG_STATE_HOME"] = str(home / "state")
    project = home / "greeter"
    copy_sample(project)
    try:
        await take_create(project)
        await take_loop(project)
    finally:
        with contextlib.suppress(FaultError):
            async with open_backend(project, "development") as backend:
                await backend.delete(lambda event: None)
        remove_state(project, "development")
        shutil.rmtree(home)


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


@asynccontextmanager
async def shown(
    project: Path, size: tuple[int, int]
) -> AsyncIterator[tuple[Cockpit, Engine, Pilot[str]]]:
    """Show the cockpit on a running engine."""
    session = Session(project, "development", ProjectScaffolder(project))
    async with open_engine(project, "development", watch=True) as opened:
        app = Cockpit(replace(session, engine=opened.engine, logs=opened.logs))
        async with app.run_test(size=size) as pilot:
            await pilot.pause(1.5)
            yield app, opened.engine, pilot


async def until(pilot: Pilot[str], condition: Callable[[], bool]) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        await pilot.pause(0.05)


def serving(engine: Engine) -> int:
    """Return the revision that serves and is ready."""
    rollout = engine.state.rollout
    ready = engine.state.verdict.outcome == "ready"
    return rollout.serving if rollout and ready else 0


async def ask(engine: Engine) -> None:
    """Ask the app for some pages, so that it has something to say."""
    rollout = engine.state.rollout
    assert rollout is not None
    for path in REQUESTS:
        await asyncio.to_thread(_get, rollout.url + path)


def _get(url: str) -> None:
    with contextlib.suppress(OSError):
        urllib.request.urlopen(url, timeout=10).close()


def edit(project: Path, old: str, new: str) -> None:
    """Save app.py with a change."""
    app = project / "app.py"
    app.write_text(app.read_text().replace(old, new))


def take(app: Cockpit, name: str) -> None:
    """Write the screen as SVG and PNG."""
    import resvg_py

    svg = app.export_screenshot()
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / f"{name}.svg").write_text(svg)
    family = "DejaVu Sans Mono"
    png = resvg_py.svg_to_bytes(svg_string=svg, font_family=family, monospace_family=family)
    (PICTURES / f"{name}.png").write_bytes(bytes(png))
    print(f"screenshots/{name}.svg and .png")


if __name__ == "__main__":
    asyncio.run(main())
