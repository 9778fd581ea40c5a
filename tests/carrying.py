"""Carrying bytes from one connection to another, for ways that a test can cut."""

import asyncio
from contextlib import suppress


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy what comes until it ends or breaks, then close the other side."""
    with suppress(OSError):
        while piece := await reader.read(1 << 16):
            writer.write(piece)
            await writer.drain()
        writer.close()
