"""Programs that are asked something: run to their end, and what they said is read afterwards.

What a program says goes into files without a name. So it never waits for us to read, and its end is
told by the process itself: of pipes, Python before 3.12.4 also waits for the end, which never comes
where nobody reads what is left in them, or where something else that was started holds them open.

They are started and waited for without asyncio's own subprocesses: where a loop is shut down while
one of these is just being started, their start and the loop wait for each other for ever.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from typing import IO

from tui.clients.nameless import nameless_file
from tui.model.frozen import frozen
from tui.ports.enduring import to_its_end


@frozen
class Answer:
    """What a run left."""

    code: int
    """The exit code, negative for a signal."""
    stdout: str
    stderr: str


async def ask_program(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    stdin: str = "",
    inherited: Sequence[int] = (),
    patience: float | None = None,
    grace: float = 0.0,
) -> Answer:
    """Run a program, in a session of its own, and return what it said.

    It inherits these descriptors. One that takes longer than `patience` seconds, or is cancelled,
    is ended with all that it started: by SIGTERM first where it has `grace`, seconds to take leave.
    Raises OSError when it cannot be started, and TimeoutError.
    """
    with (
        nameless_file(stdin.encode()) as given,
        nameless_file() as stdout,
        nameless_file() as stderr,
    ):
        process = subprocess.Popen(  # noqa: ASYNC220 - asyncio itself starts them this way
            argv,
            env=env,
            stdin=given,
            stdout=stdout,
            stderr=stderr,
            pass_fds=inherited,
            start_new_session=True,
        )
        ended = _end_of(process)
        try:
            async with asyncio.timeout(patience):
                code = await asyncio.shield(ended)
        finally:
            if not ended.done():
                await to_its_end(_end(process.pid, ended, grace))
        return Answer(code, _said(stdout), _said(stderr))


def _end_of(process: "subprocess.Popen[bytes]") -> "asyncio.Future[int]":
    """Return what will be the exit code, once the process has ended."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[int] = loop.create_future()

    def wait() -> None:
        code = process.wait()
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody wants to know
            loop.call_soon_threadsafe(ended.set_result, code)

    threading.Thread(target=wait, name=f"end of {process.pid}", daemon=True).start()
    return ended


async def _end(group: int, ended: "asyncio.Future[int]", grace: float) -> None:
    if grace:
        _signal(group, signal.SIGTERM)
        await asyncio.wait([ended], timeout=grace)
    if not ended.done():
        _signal(group, signal.SIGKILL)
        await asyncio.shield(ended)


def _signal(group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _said(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")
