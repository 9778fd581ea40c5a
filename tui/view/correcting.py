"""Correcting: a file that was wrong is read again once it has been changed."""

import asyncio
from pathlib import Path

RELOOK = 1.0
"""Seconds between two looks whether a file was changed."""


async def change_of(path: Path, before: tuple[int, int]) -> None:
    """Wait until a file's stamp differs from `before`, which was taken before the file was read."""
    while stamp(path) == before:  # noqa: ASYNC110 - a file has no event of ours here
        await asyncio.sleep(RELOOK)


def stamp(path: Path) -> tuple[int, int]:
    """Return what changes with a file: when it was written, and its size; zeros without a file."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size
