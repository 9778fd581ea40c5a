"""`redraft delete`: no process, no port, no file is left behind."""

import time

import click

from tui.cli.options import Call, shared_options, yes_option
from tui.cli.running import run
from tui.cli.telling import tell
from tui.wiring.places import state_folder


@click.command()
@yes_option
@shared_options
def delete(call: Call, yes: bool) -> None:
    """Stop the environment and remove all that redraft keeps of it."""
    from tui.config.draft_toml import load_environment

    load_environment(call.project, call.environment)
    folder = state_folder(call.project, call.environment)
    if not folder.exists():
        tell("nothing to delete: this environment was never brought up")
        return
    if not yes:
        tell(f"This stops the app and removes its revisions, history and logs in {folder}.")
        click.confirm("Delete?", abort=True, err=True)
    run(_delete(call))


async def _delete(call: Call) -> None:
    from tui.cli.session import show_json, show_plain
    from tui.model.events import EnvironmentDeleted, Stamped
    from tui.wiring.opening import open_backend
    from tui.wiring.removal import remove_state

    backend = open_backend(call.project, call.environment)
    await backend.delete(lambda event: None)
    remove_state(call.project, call.environment)
    show = show_json if call.json else show_plain
    show(Stamped(1, time.time(), EnvironmentDeleted()))
