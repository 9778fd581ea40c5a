"""The command `redraft`: the group, and what its options mean by exit codes.

Commands are loaded when they are asked for, so that `redraft --version` costs little more than
click itself.
"""

from importlib import import_module

import click

from tui import __version__
from tui.cli.ending import end
from tui.cli.options import Call, shared_options

COMMANDS = {
    "create": "tui.cli.create",
    "up": "tui.cli.up",
    "rollback": "tui.cli.up",
    "status": "tui.cli.status",
    "history": "tui.cli.history",
    "logs": "tui.cli.logs",
    "why": "tui.cli.status",
    "connect": "tui.cli.connect",
    "delete": "tui.cli.delete",
    "doctor": "tui.cli.doctor",
    "demo": "tui.cli.demo",
    "replay": "tui.cli.replay",
}
"""Command names to the modules that hold them, under a function of the same name."""


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order of the loop."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, invoke_without_command=True)
@click.version_option(__version__, prog_name="redraft", message="%(prog)s %(version)s")
@click.option("--record", type=click.Path(dir_okay=False), help="Write every event to FILE.")
@shared_options
@click.pass_context
def redraft(context: click.Context, call: Call, record: str | None) -> None:
    """Open the cockpit of the project in this folder: edit, build, deploy, watch, roll back."""
    if context.invoked_subcommand is None:
        from tui.cli.cockpit import open_cockpit

        context.exit(open_cockpit(call.project, call.environment, record))


def main() -> None:
    """Run the command line."""
    end(_run)


def _run() -> int:
    """Run the command that was asked for; return its exit code."""
    try:
        code = redraft.main(standalone_mode=False)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        return 130
    return code if isinstance(code, int) else 0
