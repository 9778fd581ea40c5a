"""`redraft demo`: the whole loop on a sample web app, on the screen or without one."""

import json
import shutil
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tui.cli.options import Call, shared_options
from tui.cli.running import run
from tui.cli.session import Session, carry_out, session
from tui.cli.telling import on_terminal, tell
from tui.model.commands import Rollback, Up
from tui.model.events import IterationFinished
from tui.model.faults import Fault, FaultError
from tui.model.printing import printable

GREETINGS = ("Hello", "Good morning")


@click.command()
@shared_options
def demo(call: Call) -> None:
    """Copy a sample web app into a temporary folder and run the loop on it."""
    with _sample() as project:
        there = Call(project, call.environment, call.output)
        _create(there)
        if on_terminal():
            from tui.cli.cockpit import open_cockpit

            try:
                open_cockpit(there.project, there.environment, demo=True)
            finally:
                run(_remove(there))
        else:
            try:
                run(_loop(there))
            finally:
                run(_remove(there))


@contextmanager
def _sample() -> Iterator[Path]:
    """Make the sample project; remove it at the end."""
    from tui.scaffold.sample import copy_sample

    folder = Path(tempfile.mkdtemp(prefix="redraft-demo-"))
    project = folder / "greeter"
    try:
        copy_sample(project)
        yield project
    finally:
        shutil.rmtree(folder)


def _create(call: Call) -> None:
    from tui.scaffold.scaffolder import ProjectScaffolder

    tell(f"A sample web app is in {call.project}")
    scaffolder = ProjectScaffolder(call.project)
    proposal = scaffolder.propose()
    paths = scaffolder.write(proposal)
    step(call, "create", f"{proposal.pack} {proposal.framework}: {len(paths)} files")


async def _loop(call: Call) -> None:
    """Up, an edit, up again, rollback; the app's own answers prove each step."""
    app = call.project / "app.py"
    old, new = GREETINGS
    async with session(Call(call.project, call.environment, "plain"), watch=False) as opened:
        ended = await carry_out(opened.engine, Up("command"))
        _expect(call, opened, ended, "up", old)
        app.write_text(app.read_text().replace(f'"{old}"', f'"{new}"'))
        put = opened.outlet.put
        step(call, "edit", f"app.py now greets with {new!r}", put)
        ended = await carry_out(opened.engine, Up("command"))
        _expect(call, opened, ended, "up again", new)
        ended = await carry_out(opened.engine, Rollback())
        _expect(call, opened, ended, "rollback", old)


def _expect(
    call: Call, opened: Session, ended: IterationFinished, name: str, greeting: str
) -> None:
    """Ask the app itself and compare; raises FaultError when the step did not do what it says."""
    if ended.fault is not None:
        raise FaultError(ended.fault)
    rollout = opened.engine.state.rollout
    url = rollout.url if rollout else ""
    with urllib.request.urlopen(url, timeout=10) as response:
        body = response.read().decode(errors="replace").strip()
        line = f"HTTP {response.status} {body}"
    answered = f"revision {ended.revision} in {ended.seconds:.1f} s: {url} says {line}"
    step(call, name, answered, opened.outlet.put)
    if greeting not in body:
        raise FaultError(
            Fault("demo-wrong-answer", f"{name}: expected {greeting!r}", evidence=(line,))
        )


def step(call: Call, name: str, result: str, put: Callable[[str], None] = click.echo) -> None:
    """Write what a step of the demo did to stdout."""
    if call.json:
        put(json.dumps({"step": name, "result": result}))
    else:
        put(printable(f"{name}: {result}"))


async def _remove(call: Call) -> None:
    """Stop what the demo started and remove what it kept."""
    from tui.wiring.opening import open_backend
    from tui.wiring.removal import remove_state

    async with open_backend(call.project, call.environment) as backend:
        await backend.delete(lambda event: None)
    remove_state(call.project, call.environment)
