"""Running one build step: its lines as they come, its end, and nothing left when cancelled."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tui.supervisor.splitting import LineSplitter, Piece

TellLines = Callable[[tuple[str, ...]], None]
LAST = 30
"""Lines kept as evidence."""
BREATH = 0.02
"""Seconds between two reads, so that lines come in batches."""


@dataclass(frozen=True, slots=True)
class StepEnd:
    """How a step ended."""

    code: int
    """Exit code; negative for a signal."""
    seconds: float
    last_lines: tuple[str, ...]


async def run_step(
    argv: Sequence[str], cwd: Path, env: Mapping[str, str], tell: TellLines
) -> StepEnd:
    """Run a command and tell its output; raises OSError when it cannot be started.

    When cancelled, or when it ended, its whole process group is killed at once.
    """
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *argv,
        cwd=cwd,
        env=env,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    last: list[str] = []
    try:
        if process.stdout is not None:
            async for lines in _lines(process.stdout):
                tell(lines)
                last = [*last, *lines][-LAST:]
        code = await process.wait()
    finally:
        await asyncio.shield(_kill(process))
    return StepEnd(code, time.monotonic() - began, tuple(last))


async def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


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

    Parts of a line longer than a piece holds are marked by `…` where they were cut.
    """
    lines = piece.payload.decode(errors="replace").split("\n")
    if not lines[-1]:
        lines.pop()
    if piece.continues:
        lines[0] = f"…{lines[0]}"
    if piece.unfinished:
        lines[-1] += "…"
    return tuple(line.removesuffix("\r") for line in lines)
