"""Running one command: its lines as they come, its end, and nothing left when cancelled."""

import asyncio
import contextlib
import os
import secrets
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

from tui.clients.pipes import open_pipe
from tui.ports.enduring import to_its_end
from tui.ports.running import CommandEnd, TellLines
from tui.supervisor.splitting import LineSplitter, Piece
from tui.supervisor.strays import MARKER, end_strays

LAST = 30
"""Lines kept as evidence."""
BREATH = 0.02
"""Seconds between two reads, so that lines come in batches."""
LEFTOVERS = 0.5
"""Seconds for the output of a process that left its group and goes on after the command's end."""


async def run_step(
    argv: Sequence[str], cwd: Path, env: Mapping[str, str], tell: TellLines
) -> CommandEnd:
    """Run a command and tell its output; raises OSError when it cannot be started.

    When it ended its whole process group is killed at once; when cancelled, also what left the
    group.
    """
    marker = f"{env.get(MARKER, 'step/')}{secrets.token_hex(8)}/"
    last: list[str] = []
    async with open_pipe() as (output, writing):
        try:
            process = await asyncio.create_subprocess_exec(
                *argv,
                cwd=cwd,
                env={**env, MARKER: marker},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )
        finally:
            os.close(writing)
        reading = asyncio.create_task(_tell(output, tell, last))
        try:
            code = await process.wait()
            await _kill(process)
            await asyncio.wait([reading], timeout=LEFTOVERS)
        except asyncio.CancelledError:
            await to_its_end(_end(process, marker))  # a second cancellation may follow at once
            raise
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
    return CommandEnd(code, tuple(last))


async def _end(process: asyncio.subprocess.Process, marker: str) -> None:
    await _kill(process)
    await asyncio.to_thread(end_strays, marker, process.pid, 0.0)


async def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


async def _tell(output: asyncio.StreamReader, tell: TellLines, last: list[str]) -> None:
    async for lines in _lines(output):
        tell(lines)
        last[:] = [*last, *lines][-LAST:]


async def _lines(stream: asyncio.StreamReader) -> AsyncIterator[tuple[str, ...]]:
    splitter = LineSplitter()
    while chunk := await stream.read(1 << 16):
        for piece in splitter.feed(chunk):
            yield present_lines(piece)
        await asyncio.sleep(BREATH)
    for piece in splitter.close():
        yield present_lines(piece)


def present_lines(piece: Piece) -> tuple[str, ...]:
    """Return a piece's lines as text; of a line that redraws itself, its last picture.

    Parts of a line that is longer than a piece holds, or whose end was long in coming, are marked
    by `…` where they were cut. A line end alone, as of a prompt that was answered, makes no part.
    """
    lines = piece.payload.decode(errors="replace").split("\n")
    if not lines[-1]:
        lines.pop()
    if piece.continues:
        lines[:1] = [f"…{lines[0]}"] if lines[0].rstrip("\r") else []
    if piece.unfinished:
        lines[-1] += "…"
    return tuple(line.removesuffix("\r") for line in lines)
