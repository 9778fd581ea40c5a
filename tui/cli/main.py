"""The command `redraft`: the group, its exit codes, and how faults are told.

Commands are loaded when they are asked for, so that `redraft --version` costs little more than
click itself.
"""

import sys
from importlib import import_module

import click

from tui import __version__
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

        context.exit(open_cockpit(call, record))


def main() -> None:
    """Run the command line; faults become a sentence on stderr and an exit code."""
    try:
        code = redraft.main(standalone_mode=False)
    except click.exceptions.Exit as error:
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except BrokenPipeError:
        _close_stdout()
        code = 0
    except Exception as error:  # noqa: BLE001 - the last door: a sentence, never a traceback
        code = _end_with(error)
    sys.exit(code if isinstance(code, int) else 0)


def _end_with(error: Exception) -> int:
    """Tell a fault and return its exit code; what is none becomes one, its traceback logged."""
    from tui.cli.telling import tell_fault
    from tui.model.faults import FaultError

    if isinstance(error, FaultError):
        fault = error.fault
    else:
        from tui.wiring.logfile import log_unexpected

        fault = log_unexpected(error)
    tell_fault(fault)
    return fault.exit_code


def _close_stdout() -> None:
    """Let the interpreter end quietly after the reader of our pipe went away."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
