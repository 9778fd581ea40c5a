"""Ending: every command ends by an exit code, and a fault becomes a sentence before it."""

import sys
from collections.abc import Callable


def end(command: Callable[[], int]) -> None:
    """Run a command and leave by its exit code; faults become a sentence on stderr."""
    try:
        code = command()
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        _close_stdout()
        code = 0
    except Exception as error:  # noqa: BLE001 - the last door: a sentence, never a traceback
        code = _told(error)
    sys.exit(code)


def _told(error: Exception) -> int:
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
