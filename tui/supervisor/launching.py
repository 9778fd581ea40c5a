"""Launching: one process of the app in a session of its own, with its output captured."""

import asyncio
import errno
import os
import signal
import socket
import subprocess
from pathlib import Path

from tui.model.frozen import frozen
from tui.supervisor.capture import Capture
from tui.supervisor.protocol import App
from tui.supervisor.reaping import Reaper
from tui.supervisor.strays import MARKER, end_strays

PORT = "{port}"


@frozen
class Process:
    """A started process and the group it leads."""

    pid: int
    marker: str
    status: asyncio.Future[int]
    """Its wait status, once it ended."""
    capture: Capture

    def signal(self, number: int) -> bool:
        """Signal the whole group; return whether there is anyone left in it."""
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return False
        except PermissionError:  # macOS says so of a group of zombies
            return False
        return True

    async def end(self, grace: float) -> None:
        """End the group: SIGTERM, SIGKILL after `grace` seconds; then what strayed from it."""
        if self.signal(signal.SIGTERM):
            await self._emptied(grace)
        if self.signal(signal.SIGKILL):
            await self._emptied(1.0)
        await asyncio.to_thread(end_strays, self.marker, self.pid)

    async def _emptied(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while self.signal(0) and loop.time() < deadline:  # noqa: ASYNC110 - no event tells it
            await asyncio.sleep(0.02)


def launch(app: App, port: int, marker: str, capture: Capture, reaper: Reaper) -> Process:
    """Start the app's command; raises OSError when that is not possible."""
    pipes = [capture.open_pipe("stdout"), capture.open_pipe("stderr")]
    argv = fill_port(app.argv, port)
    try:
        started = subprocess.Popen(
            argv,
            cwd=app.cwd,
            env=process_env(app.env, port, marker),
            stdin=subprocess.DEVNULL,
            stdout=pipes[0],
            stderr=pipes[1],
            start_new_session=True,
        )
    except ValueError as error:  # a NUL in an argument, which no system call can take
        raise OSError(errno.EINVAL, str(error), app.argv[0]) from error
    finally:
        for pipe in pipes:
            os.close(pipe)
    started.returncode = 0  # the reaper collects its status: keep subprocess from waiting for it
    return Process(started.pid, marker, reaper.watch(started.pid), capture)


def runs_shell(argv: tuple[str, ...]) -> bool:
    """Whether the command is a text for the shell, which reads `$PORT` itself."""
    return len(argv) == 3 and Path(argv[0]).name == "sh" and argv[1] == "-c"


def fill_port(argv: tuple[str, ...], port: int) -> tuple[str, ...]:
    """Put the port where `{port}` stands, except in a shell's text."""
    if runs_shell(argv):
        return argv
    return tuple(argument.replace(PORT, str(port)) for argument in argv)


def process_env(env: tuple[tuple[str, str], ...], port: int, marker: str) -> dict[str, str]:
    """Return the environment of one replica."""
    filled = {name: value.replace(PORT, str(port)) for name, value in env}
    if port:
        filled["PORT"] = str(port)
    return filled | {MARKER: marker}


def free_port() -> int:
    """Return a port on 127.0.0.1 that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
