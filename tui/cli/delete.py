"""`redraft delete`: what this environment made is removed, after it was shown, and nothing else."""

import asyncio
import itertools
import time

import click

from tui.cli.confirming import agree, confirm_option, require_name
from tui.cli.options import Call, shared_options, yes_option
from tui.cli.running import run
from tui.cli.telling import tell
from tui.ports.backend import Backend, Tell
from tui.wiring.places import state_folder


@click.command()
@click.option("--purge", is_flag=True, help="Remove the history in the cluster as well.")
@yes_option
@confirm_option
@shared_options
def delete(call: Call, purge: bool, yes: bool, confirm: str) -> None:
    """Stop the environment and remove what it made; a cluster keeps the history."""
    run(_delete(call, purge=purge, yes=yes, confirm=confirm))


async def _delete(call: Call, *, purge: bool, yes: bool, confirm: str) -> None:
    from tui.config.draft_toml import load_environment
    from tui.wiring.opening import delete_environment, open_backend

    environment = load_environment(call.project, call.environment)
    there = state_folder(call.project, call.environment).exists()
    if environment.backend == "local" and not there:
        tell("nothing to delete: this environment was never brought up")
        return
    async with open_backend(call.project, call.environment) as backend:
        await asyncio.to_thread(_ask, backend, await backend.belongings(), yes, confirm)
        await delete_environment(call.project, call.environment, backend, _teller(call), purge)


def _ask(backend: Backend, belongings: tuple[str, ...], yes: bool, confirm: str) -> None:
    """Show what goes and have it confirmed. Raises Abort and FaultError."""
    tell("This removes:" if belongings else "Nothing of it runs; what is kept of it is removed.")
    for line in belongings:
        tell(f"  {line}")
    if not yes:
        agree("Delete?")
    if backend.place.protection is not None:
        require_name(backend.place.protection, confirm)


def _teller(call: Call) -> Tell:
    from tui.cli.outlet import put_now
    from tui.cli.session import show_json, show_plain
    from tui.model.events import Event, Stamped

    show = show_json if call.json else show_plain
    numbers = itertools.count(1)

    def tell(event: Event) -> None:
        show(put_now, Stamped(next(numbers), time.time(), event))

    return tell
