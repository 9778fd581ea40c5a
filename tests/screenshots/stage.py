"""What all pictures need: a cockpit on a running engine, conditions to wait for, and taking one."""

import asyncio
import contextlib
import time
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from tui.engine.engine import Engine
from tui.scaffold.scaffolder import ProjectScaffolder
from tui.view.cockpit import Cockpit
from tui.view.session import Session
from tui.wiring.opening import open_engine

PICTURES = Path(__file__).resolve().parents[2] / "screenshots"
PATIENCE = 120.0
LARGE, SMALL, HUGE = (120, 36), (80, 24), (200, 60)
REQUESTS = ("/error", "/", "/orders/17", "/", "/slow", *("/orders/18", "/") * 7)


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
    for path in REQUESTS:
        await asyncio.to_thread(_get, engine.state.url + path)


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
