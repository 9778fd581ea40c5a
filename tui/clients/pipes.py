"""Pipes of ours, by which a program tells its lines as they come.

Its end is told by the process itself then: what it left in the background holds a pipe open for as
long as it likes, and of pipes of its own Python before 3.12.4 waits for the end, which never comes
once nobody reads what is left in them.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def open_pipe() -> AsyncIterator[tuple[asyncio.StreamReader, int]]:
    """Open a pipe to read from; the writing end is closed by whoever gave it to a process."""
    reading, writing = os.pipe()
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(reading, "rb", 0)
    )
    try:
        yield reader, writing
    finally:
        transport.close()
