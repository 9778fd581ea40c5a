"""`redraft` without a command: the cockpit."""

import asyncio
from dataclasses import replace
from pathlib import Path

from tui.cli.options import Call
from tui.cli.session import record_into, run
from tui.cli.telling import on_terminal
from tui.model.faults import Fault, FaultError


def open_cockpit(call: Call, record: str | None = None, *, demo: bool = False) -> int:
    """Open the cockpit, again after each change of environment; return the exit code."""
    if not on_terminal():
        raise FaultError(
            Fault(
                "no-terminal",
                "the cockpit needs a terminal",
                kind="usage",
                remedy="use `redraft up`, `status`, `logs` and their like in scripts",
            )
        )
    environment, notice = call.environment, ""
    while True:
        answer = run(_show(call.project, environment, notice, record, demo))
        if answer == "create":
            notice = "scaffold written"
        elif answer.startswith("environment:"):
            environment, notice = answer.removeprefix("environment:"), ""
        else:
            return 0


async def _show(
    project: Path, environment: str, notice: str, record: str | None, demo: bool
) -> str:
    """Show the cockpit of one environment and return what the user left it for."""
    from tui.scaffold.scaffolder import ProjectScaffolder
    from tui.view.cockpit import Cockpit
    from tui.view.session import Session
    from tui.wiring.opening import open_engine
    from tui.wiring.removal import remove_state

    scaffolder = ProjectScaffolder(project)
    before = Session(project, environment, scaffolder, notice=notice, demo=demo)
    try:
        async with open_engine(project, environment, watch=True) as opened:
            session = replace(before, engine=opened.engine, logs=opened.logs)
            async with record_into(record, opened.engine):
                answer = await Cockpit(session).run_async()
            deleted = opened.engine.state.deleted
    except FaultError as error:
        return await Cockpit(replace(before, fault=error.fault)).run_async() or ""
    if deleted:
        await asyncio.to_thread(remove_state, project, environment)
    return answer or ""
