"""A shell inside a container, on the user's own terminal.

Keys go there raw, so that ctrl+c ends what runs there and not redraft; what is printed is written
as it is, for the terminal is the user's while no screen of ours is on it. The loop goes on
meanwhile: keys are read as they come, and writing to a slow terminal is left to a thread.
"""

import asyncio
import json
import os
import signal
import termios
import tty
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress

from tui.clients.kube.channels import OUTCOME, RESIZE, STDIN, exit_code, messages, send
from tui.clients.kube.resources import segment
from tui.clients.kube.session import KubeSession
from tui.clients.kube.transport import Websocket
from tui.model.faults import Fault, FaultError

BEST = ("sh", "-c", "command -v bash >/dev/null 2>&1 && exec bash -i || exec sh -i")
"""The better shell of those that nearly every image has."""
NOT_STARTED = (126, 127)
RUNTIME_FAILED = b"OCI runtime exec failed"
"""How docker tells that the command could not be started, with one of these codes."""
KEYS = 4096


async def run_shell(
    session: KubeSession, namespace: str, pod: str, container: str, keys: int, screen: int
) -> int:
    """Run a shell on the terminal, file descriptors `keys` and `screen`; return its exit code.

    Raises `FaultError`: `no-shell`, and as requests do.
    """
    path = f"/api/v1/namespaces/{segment(namespace)}/pods/{segment(pod)}/exec"
    query = [("container", container), ("stdin", "true"), ("stdout", "true"), ("tty", "true")]
    query += [("command", argument) for argument in BEST]
    async with session.websocket(path, query) as websocket:
        with _raw(keys):
            async with _sizes(websocket, screen), _typing(websocket, keys):
                outcome, words = await _show(websocket, screen)
    return _ended(outcome, words, container)


async def _show(websocket: Websocket, screen: int) -> tuple[bytes, bytes]:
    """Write what is printed until the shell ends; return its outcome and what came first."""
    words = b""
    async with aclosing(messages(websocket)) as found:
        async for channel, content in found:
            if channel == OUTCOME:
                return content, words
            words = words or content
            await asyncio.to_thread(_write, screen, content)
    return b"", words


def _write(screen: int, content: bytes) -> None:
    while content:
        content = content[os.write(screen, content) :]


@asynccontextmanager
async def _typing(websocket: Websocket, keys: int) -> AsyncIterator[None]:
    """Send keys as they are typed."""
    typed: asyncio.Queue[bytes] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    loop.add_reader(keys, lambda: typed.put_nowait(os.read(keys, KEYS)))

    async def sending() -> None:
        with suppress(OSError):  # the shell has ended; `_show` says how
            while content := await typed.get():
                await send(websocket, STDIN, content)

    task = asyncio.create_task(sending())
    try:
        yield
    finally:
        loop.remove_reader(keys)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def _sizes(websocket: Websocket, screen: int) -> AsyncIterator[None]:
    """Tell the terminal's size now and whenever it changes."""
    changed = asyncio.Event()
    changed.set()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGWINCH, changed.set)

    async def telling() -> None:
        with suppress(OSError):
            while await changed.wait():
                changed.clear()
                size = os.get_terminal_size(screen)
                told = {"Width": size.columns, "Height": size.lines}
                await send(websocket, RESIZE, json.dumps(told).encode())

    task = asyncio.create_task(telling())
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGWINCH)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextmanager
def _raw(keys: int) -> Iterator[None]:
    """Have the terminal give every key as it is, and put it back as it was."""
    before = termios.tcgetattr(keys)
    tty.setraw(keys, termios.TCSADRAIN)  # what was typed ahead is kept
    try:
        yield
    finally:
        termios.tcsetattr(keys, termios.TCSADRAIN, before)


def _ended(outcome: bytes, words: bytes, container: str) -> int:
    """Return the exit code; raises FaultError where no shell ran."""
    if not outcome:
        raise FaultError(_lost(container))
    try:
        code = exit_code(outcome)
    except ValueError as error:  # containerd: nothing was started
        raise FaultError(_no_shell(container, str(error))) from error
    if code in NOT_STARTED and words.startswith(RUNTIME_FAILED):
        raise FaultError(_no_shell(container, words.decode(errors="replace").strip()))
    return code


def _no_shell(container: str, words: str) -> Fault:
    return Fault(
        "no-shell",
        f"the container {container} has no shell that can be started",
        evidence=(words,) if words else (),
        remedy="build the image on a base that has `sh`, or use `kubectl debug`",
    )


def _lost(container: str) -> Fault:
    return Fault(
        "shell-lost",
        f"the connection to the shell in {container} broke, or its container ended",
        kind="unreachable",
        remedy="open the shell again",
    )
