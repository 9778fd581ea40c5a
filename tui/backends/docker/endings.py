"""Endings of containers in the model's words. Pure.

The engine tells a signal as exit code 128 + its number, as a shell does; so an app that exits with
such a code of its own accord cannot be told from one that was ended by the signal. So both are
told, and only those signals that end a process by themselves.
"""

import signal

from tui.clients.docker.inspecting import NANO, ContainerState
from tui.model.printing import size
from tui.model.rollouts import Termination

DEADLY = frozenset(
    {
        signal.SIGHUP,
        signal.SIGINT,
        signal.SIGQUIT,
        signal.SIGILL,
        signal.SIGABRT,
        signal.SIGBUS,
        signal.SIGFPE,
        signal.SIGKILL,
        signal.SIGSEGV,
        signal.SIGPIPE,
        signal.SIGTERM,
    }
)


def container_ended(state: ContainerState, lines: tuple[str, ...]) -> Termination:
    """Tell how the last incarnation of a container ended."""
    finished = state.finished / NANO
    if state.error:
        return Termination(state.exit_code, 0, "StartError", state.error, finished, lines)
    number = state.exit_code - 128 if state.exit_code - 128 in DEADLY else 0
    if state.out_of_memory:
        limit = f"at its limit of {size(state.memory_limit)}" if state.memory_limit else ""
        message = f"out of memory {limit or 'on the machine'}"
        return Termination(state.exit_code, number, "OOMKilled", message, finished, lines)
    reason = "Completed" if state.exit_code == 0 else "Error"
    return Termination(state.exit_code, number, reason, "", finished, lines)


def engine_pause(restarts: int) -> float:
    """Return the seconds the engine waits before it starts a container again.

    It doubles from 100 ms up to a minute (moby: restartmanager.go); it begins anew after 10 s of
    running, which the count does not show, so that this is the longest it can be.
    """
    return float(min(60.0, 0.1 * 2.0 ** min(restarts, 10)))
