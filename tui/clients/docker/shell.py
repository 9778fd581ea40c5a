"""A shell inside a container, on the user's terminal.

It is carried by a thread: keys one way, the screen's bytes the other, and the terminal's size
whenever that has changed. The terminal is raw meanwhile, so that Ctrl-C and the like reach what
runs in the container; its modes are put back as they were found.
"""

import asyncio
import os
import select
import termios
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from tui.clients.docker.engine import Engine
from tui.clients.docker.executing import closing_connections
from tui.model.faults import Fault, FaultError
from tui.ports.capabilities import Terminal

if TYPE_CHECKING:
    from docker import APIClient

SHELL = ("sh", "-c", "command -v bash >/dev/null 2>&1 && exec bash || exec sh")
LOOK = 0.2
"""Seconds between two looks at the terminal's size, and whether to leave off."""
CHUNK = 1 << 16
NOT_FOUND = frozenset({126, 127})


async def run_shell(engine: Engine, name: str, terminal: Terminal) -> int:
    """Run a shell until it ends; return its exit code. Raises FaultError where there is none."""
    leaving = threading.Event()
    try:
        with raw(terminal.input):
            code = await engine.ask(lambda client: _carry(client, name, terminal, leaving))
    except asyncio.CancelledError:
        leaving.set()
        raise
    if code in NOT_FOUND:
        raise FaultError(_no_shell(name))
    return code


@contextmanager
def raw(fd: int) -> Iterator[None]:
    """Have keys come as they are pressed, one by one and without meaning."""
    modes = termios.tcgetattr(fd)
    tty.setraw(fd, termios.TCSADRAIN)  # what was typed ahead is kept
    try:
        yield
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, modes)


def _carry(client: "APIClient", name: str, terminal: Terminal, leaving: threading.Event) -> int:
    begun = client.exec_create(name, list(SHELL), stdin=True, tty=True)["Id"]
    size = None
    with closing_connections(client):
        connection: Any = client.exec_start(begun, tty=True, socket=True)
        while not leaving.is_set():
            if size != (size := os.get_terminal_size(terminal.output)):
                _resize(client, begun, size)
            if not _carry_once(connection, terminal):
                break
    return int(client.exec_inspect(begun)["ExitCode"] or 0)


def _resize(client: "APIClient", begun: str, size: os.terminal_size) -> None:
    """Tell the shell the terminal's size, unless it has ended: its exit code says why."""
    from docker.errors import APIError

    with suppress(APIError):
        client.exec_resize(begun, height=size.lines, width=size.columns)


def _carry_once(connection: Any, terminal: Terminal) -> bool:
    """Carry what is there now; return whether the shell goes on."""
    ready, _, _ = select.select([terminal.input, connection], [], [], LOOK)
    if terminal.input in ready:
        _write(connection.fileno(), os.read(terminal.input, CHUNK))
    if connection in ready:
        data = os.read(connection.fileno(), CHUNK)
        _write(terminal.output, data)
        return bool(data)
    return True


def _write(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


def _no_shell(name: str) -> Fault:
    return Fault(
        "shell-missing",
        f"there is no shell in {name}",
        remedy="put `sh` into the image, as images that are not distroless have it",
    )
