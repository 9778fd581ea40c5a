"""Putting the cockpit on a stage: opened in a situation, driven by a pilot, checked at the end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from textual.content import Content
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from tests.view.scripted import START, ScriptedEngine, ScriptedScaffolder, Told
from tests.view.situations import DIFFERENCE, PROPOSAL
from tui.model.faults import Fault
from tui.model.state import State
from tui.view.cockpit import Cockpit
from tui.view.logs.reading import Reading
from tui.view.panels.panel import Panel
from tui.view.session import Session

PATIENCE = 10.0
"""Seconds any awaited condition may take."""
PROJECT = Path("/home/ada/src/greeter")
MISSING = Fault("draft-toml-missing", "there is no draft.toml here")

W = TypeVar("W", bound=Widget)


@dataclass
class Stage:
    """A cockpit under test."""

    app: Cockpit
    pilot: Pilot[str]
    engine: ScriptedEngine
    scaffolder: ScriptedScaffolder

    async def press(self, *keys: str) -> None:
        """Press keys and let them take effect."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, wanted: Callable[[], object]) -> None:
        """Wait until something holds."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while not wanted():
            assert asyncio.get_running_loop().time() < deadline, f"in vain\n{self.text()}"
            await self.pilot.pause()
            await asyncio.sleep(0.01)

    async def shows(self, *texts: str) -> None:
        """Wait until all of these texts are on the screen."""
        await self.until(lambda: all(text in self.text() for text in texts))

    async def settled(self) -> None:
        """Wait until every panel is laid out as it is to stay.

        A screen under a dialog is laid out no more: a picture of it must wait for that before.
        """
        panels = self.app.screen.query(Panel)
        await self.until(lambda: all(laid_out(panel) for panel in panels))
        await self.pilot.pause()

    def text(self) -> str:
        """Return the screen as text, one line a row."""
        width = self.app.size.width
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text[:width].rstrip() for strip in strips)

    def words(self) -> list[str]:
        """Return the passing notices on the screen."""
        return [notice.message for notice in self.app._notifications]

    def find(self, kind: type[W]) -> W:
        """Return a widget of the top screen."""
        return self.app.screen.query_one(kind)


def laid_out(panel: Panel) -> bool:
    """Whether a panel has room for all lines of its text and its scroll bar tells so."""
    text = panel.query_one(Static)
    lines = len(Content(str(text.content)).split())
    bar = panel.vertical_scrollbar
    told = not bar.display or bar.window_virtual_size == lines
    return not panel.region or (text.size.height >= lines and told)


@asynccontextmanager
async def staged(
    told: Iterable[Told] | None = (),
    *,
    size: tuple[int, int] = (120, 36),
    fault: Fault | None = None,
    logs: Reading | None = None,
    project: Path = PROJECT,
    notice: str = "",
    demo: bool = False,
    scaffolder: ScriptedScaffolder | None = None,
    broken: bool = False,
    glance: State | None = None,
) -> AsyncIterator[Stage]:
    """Open a cockpit in a situation; None for no engine. It must end without errors of its own."""
    app, engine, scaffolds = cockpit_on(
        told,
        fault=fault,
        logs=logs,
        project=project,
        notice=notice,
        demo=demo,
        scaffolder=scaffolder,
        glance=glance,
    )
    async with app.run_test(size=size, notifications=True) as pilot:
        stage = Stage(app, pilot, engine, scaffolds)
        if told is not None:
            await stage.until(lambda: app.screen_stack[0].query("LogPane"))
        elif fault is not None:
            await stage.until(lambda: app.screen_stack[0].query("Welcome"))
        await pilot.pause()
        yield stage
    assert broken or not app.faults, app.faults


def cockpit_on(
    told: Iterable[Told] | None,
    *,
    fault: Fault | None = None,
    logs: Reading | None = None,
    project: Path = PROJECT,
    notice: str = "",
    demo: bool = False,
    scaffolder: ScriptedScaffolder | None = None,
    glance: State | None = None,
) -> tuple[Cockpit, ScriptedEngine, ScriptedScaffolder]:
    """Return a cockpit, the engine and the scaffolder it works with."""
    engine = ScriptedEngine(told or (), DIFFERENCE)
    scaffolds = scaffolder or ScriptedScaffolder(PROPOSAL)
    session = Session(
        project,
        "development",
        scaffolds,
        engine=None if told is None else engine,
        fault=fault,
        logs=logs,
        notice=notice,
        demo=demo,
        glance=glance,
    )
    now = engine.clock if told else lambda: START
    return Cockpit(session, now=now), engine, scaffolds
