"""Programs that are asked something: run to their end, and what they said is read afterwards.

What a program says goes into files without a name. So it never waits for us to read, and its end is
told by the process itself: of pipes, Python before 3.12.4 also waits for the end, which never comes
where nobody reads what is left in them, or where something else that was started holds them open.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from typing import IO

from tui.clients.nameless import nameless_file
from tui.model.frozen import frozen


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
        process = await asyncio.create_subprocess_exec(
            *argv,
            env=env,
            stdin=given,
            stdout=stdout,
            stderr=stderr,
            pass_fds=inherited,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(patience):
                code = await process.wait()
        finally:
            if process.returncode is None:
                await asyncio.shield(_end(process, grace))
        return Answer(code, _said(stdout), _said(stderr))


async def _end(process: asyncio.subprocess.Process, grace: float) -> None:
    if grace:
        _signal(process, signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await process.wait()
                return
    _signal(process, signal.SIGKILL)
    await process.wait()


def _signal(process: asyncio.subprocess.Process, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _said(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")
