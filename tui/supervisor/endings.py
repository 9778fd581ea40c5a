"""Endings: how a process ended, and when it is started again. Pure."""

import signal

from tui.model.rollouts import Termination

LONGEST_PAUSE = 60.0
STEADY = 60.0
"""Seconds a process must run for its earlier crashes to be forgotten."""


def restart_pause(crashes: int) -> float:
    """Return the seconds to wait after the given number of crashes in a row, counted from 1."""
    return float(min(LONGEST_PAUSE, 2.0 ** min(crashes - 1, 6)))


def ended(status: int, lines: tuple[str, ...], now: float, *, by_shell: bool) -> Termination:
    """Tell a process's end by its wait status code, as `os.waitstatus_to_exitcode` gives it.

    A shell that could not start the command says so by exit code 126 or 127.
    """
    if status < 0:
        message = ""
        if -status == signal.SIGKILL:
            message = "killed from outside: by someone, or by the system for want of memory"
        return Termination(None, -status, "Error", message, now, lines)
    if by_shell and status in (126, 127):
        return Termination(status, 0, "StartError", lines[-1] if lines else "", now, lines)
    return Termination(status, 0, "Error" if status else "Completed", "", now, lines)


def not_started(error: OSError, command: str, now: float) -> Termination:
    """Tell why a command could not be started, in place of a process's end."""
    code = 127 if isinstance(error, FileNotFoundError) else 126
    what = error.filename if isinstance(error.filename, str) else command
    return Termination(code, 0, "StartError", f"{what}: {error.strerror}", now)
