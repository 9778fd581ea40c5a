"""`redraft` without a command: the cockpit."""

import asyncio
import gc
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.running import run
from tui.model.faults import Fault, FaultError

if TYPE_CHECKING:
    from tui.model.state import State
    from tui.view.cockpit import Cockpit
    from tui.view.session import Session

DELETED = "deleted elsewhere: another redraft removed this environment; u brings it up"
SWITCH = 0.0005
"""Seconds a thread may keep the interpreter when another wants it: the loop, which gives it up at
every system call, waits so long for the log store's thread each time. Python's own 5 ms would show
in every key during a flood of lines."""

FRAMES = 240
"""Paints a second at most. Textual's own 60 make a key wait for up to 33 ms that was pressed just
after lines were painted, and there are never many paints to be gathered into one."""


def open_cockpit(
    project: Path, environment: str, record: str | None = None, *, demo: bool = False
) -> int:
    """Open the cockpit, again after each change of environment; return the exit code."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise FaultError(
            Fault(
                "no-terminal",
                "the cockpit needs a terminal",
                kind="usage",
                remedy="use `redraft up`, `status`, `logs` and their like in scripts",
            )
        )
    notice = ""
    while True:
        answer = run(_show(project, environment, notice, record, demo))
        if answer == "create":
            notice = "scaffold written"
        elif answer == "deleted":
            notice = DELETED
        elif answer.startswith("environment:"):
            environment, notice = answer.removeprefix("environment:"), ""
        else:
            return 0


async def _show(
    project: Path, environment: str, notice: str, record: str | None, demo: bool
) -> str:
    """Show the cockpit of one environment and return what the user left it for.

    The app paints first; what the engine needs is imported and opened while it is on the screen.
    """
    _hurry()
    gc.disable()  # nothing that is loaded at start is garbage; `_settle_memory` goes on with it
    from tui.view.cockpit import Cockpit

    app = Cockpit(replace(_first_sight(project, environment), notice=notice, demo=demo))
    if not app.session.opening:
        gc.enable()
        return await app.run_async() or ""
    running = asyncio.create_task(app.run_async())
    painted = asyncio.create_task(app.painted.wait())
    await asyncio.wait((running, painted), return_when=asyncio.FIRST_COMPLETED)
    try:
        return await _with_engine(app, running, record)
    except FaultError as error:
        gc.enable()
        app.attach(replace(app.session, engine=None, logs=None, fault=error.fault))
        return await running or ""
    finally:
        painted.cancel()


def _hurry() -> None:
    """Let keys go before all else; Textual reads its part of this when it is loaded."""
    from textual import constants

    sys.setswitchinterval(SWITCH)
    constants.MAX_FPS = FRAMES  # type: ignore[misc]  # TEXTUAL_FPS would reach what we start, too


def _first_sight(project: Path, environment: str) -> "Session":
    """Return what is known of an environment before its engine is opened."""
    from tui.view.session import Session
    from tui.wiring.glance import glance

    try:
        return Session(project, environment, glance=glance(project, environment))
    except FaultError as error:
        from tui.scaffold.scaffolder import ProjectScaffolder

        return Session(project, environment, ProjectScaffolder(project), fault=error.fault)


async def _with_engine(
    app: "Cockpit", running: "asyncio.Task[str | None]", record: str | None
) -> str:
    """Open the environment, hand it to the app, and close it when the app has ended."""
    from tui.cli.session import record_into
    from tui.model.commands import PauseWatch, Up
    from tui.scaffold.scaffolder import ProjectScaffolder
    from tui.wiring.opening import open_engine
    from tui.wiring.removal import remove_unless_used

    session = replace(app.session, scaffolder=ProjectScaffolder(app.session.project))
    app.session = session
    async with (
        open_engine(session.project, session.environment, watch=True) as opened,
        record_into(record, opened.engine),
    ):
        if _went_meanwhile(session.glance, opened.engine.state):
            session = replace(session, notice=DELETED)
        app.attach(replace(session, engine=opened.engine, logs=opened.logs))
        _settle_memory()
        if not opened.environment.watch:
            opened.engine.submit(PauseWatch())
        if session.demo:
            opened.engine.submit(Up("first"))
        answer = await running
    if opened.engine.state.deleted:
        await asyncio.to_thread(remove_unless_used, session.project, session.environment)
    return answer or ""


def _went_meanwhile(glance: "State | None", opened: "State") -> bool:
    """Whether another redraft deleted what the first paint showed before the engine was there."""
    return glance is not None and bool(glance.releases) and not opened.releases


def _settle_memory() -> None:
    """Keep what was loaded at start out of the garbage collector's rounds.

    A full round over all of it holds the screen for 50 ms and more, whoever presses a key then.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()
