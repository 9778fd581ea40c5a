"""Forwarding connections for ways that a test can cut; nothing is left open behind one."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Relay:
    """Carries what each connection brings to one of its own to the target, and back."""

    def __init__(self, reach: Callable[[], Awaitable[Connection]]) -> None:
        self._reach = reach
        self._open = set[asyncio.StreamWriter]()
        self._tasks = set[asyncio.Task[None]]()
        self.accepted = 0
        """How many connections came."""

    async def forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection; for `asyncio.start_server`."""
        self.accepted += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._open.add(writer)
        try:
            with closing(writer), suppress(OSError, asyncio.CancelledError):
                await self._carry(reader, writer)
        finally:
            self._tasks.discard(task)
            self._open.discard(writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await self._reach()
        self._open.add(back)
        try:
            with closing(back):
                await asyncio.gather(carry(reader, back), carry(there, writer))
        finally:
            self._open.discard(back)

    def break_connections(self) -> None:
        """Break all connections in the middle of whatever they carry."""
        for writer in self._open:
            writer.transport.abort()

    async def close(self) -> None:
        """Break all connections and wait until none is left; whoever accepts them was shut."""
        self.break_connections()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy what comes until it ends or breaks, then close the other side."""
    with closing(writer), suppress(OSError):
        while piece := await reader.read(1 << 16):
            writer.write(piece)
            await writer.drain()
