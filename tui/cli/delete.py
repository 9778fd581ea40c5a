"""`redraft delete`: no process, no port, no file is left behind."""

import itertools
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
    from tui.cli.outlet import put_now
    from tui.cli.session import show_json, show_plain
    from tui.model.events import Event, Stamped
    from tui.wiring.opening import delete_environment

    show = show_json if call.json else show_plain
    numbers = itertools.count(1)

    def tell(event: Event) -> None:
        show(put_now, Stamped(next(numbers), time.time(), event))

    await delete_environment(call.project, call.environment, tell)
