"""A shell of the user's on the terminal that redraft gives up for a while.

It gets a process group of its own and that group the terminal, as a shell does for its jobs: so
Ctrl-C reaches what runs in it and not redraft, and job control works inside. When it has ended the
terminal is taken back, which the system answers with SIGTTOU to whoever is not in the foreground:
that signal is blocked meanwhile. The modes of the terminal are put back as they were found.
"""

import asyncio
import os
import signal
import termios
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tui.ports.capabilities import Terminal


async def run_shell(
    argv: tuple[str, ...], cwd: Path, env: Mapping[str, str], terminal: Terminal
) -> int:
    """Run a command on the terminal to its end; return its exit code, negative for a signal.

    Raises OSError when it cannot be started.
    """
    with _kept_modes(terminal.input):
        process = await asyncio.create_subprocess_exec(
            *argv,
            cwd=cwd,
            env=dict(env),
            stdin=terminal.input,
            stdout=terminal.output,
            stderr=terminal.output,
            process_group=0,
        )
        try:
            _give_to(terminal.input, process.pid)
            return await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            _give_to(terminal.input, os.getpgrp())


def _give_to(fd: int, group: int) -> None:
    """Put a process group into the foreground; one that has ended already needs it no more.

    It goes on where it was stopped for having read too early.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
    try:
        os.tcsetpgrp(fd, group)
        os.killpg(group, signal.SIGCONT)
    except ProcessLookupError:
        return
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _kept_modes(fd: int) -> Iterator[None]:
    modes = termios.tcgetattr(fd)
    try:
        yield
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, modes)
