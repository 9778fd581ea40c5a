"""Routing: which replica the next connection goes to, and letting the old ones empty."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

HOLD = 15.0
"""Seconds a connection is held while nothing serves."""
DRAIN = 5.0
"""Seconds open connections of an old replica may go on before it is told to stop."""
QUIET = 1.0
"""Seconds without a byte after which a connection with no question open counts as idle."""


class Connection(Protocol):
    """A proxied connection, as far as draining has to know it."""

    def idle(self, seconds: float) -> bool:
        """Whether it owes no answer and has been quiet for so long."""

    def close(self) -> None:
        """Close both sides after what is buffered was sent."""


class Endpoint:
    """Where one incarnation of a replica answers, and the connections that go there."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self.draining = False
        self.opening = 0
        """Connections on their way that do not exist yet."""
        self.connections: set[Connection] = set()

    def in_use(self) -> bool:
        """Whether anyone is, or is about to be, connected."""
        return bool(self.opening or self.connections)

    async def drain(self, seconds: float = DRAIN) -> None:
        """Take no new connections and wait until the open ones ended, closing idle ones."""
        self.draining = True
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while self.in_use() and loop.time() < deadline:
            for connection in [c for c in self.connections if c.idle(QUIET)]:
                connection.close()
            await asyncio.sleep(0.05)


class Router:
    """Gives out the serving endpoints in turn."""

    def __init__(self) -> None:
        self._endpoints: Sequence[Endpoint] = ()
        self._turn = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def serve(self, endpoints: Sequence[Endpoint]) -> None:
        """Send connections to these from now on."""
        self._endpoints = tuple(endpoints)
        if not endpoints:
            return
        waiting, self._waiting = self._waiting, set()
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)

    async def candidates(self, hold: float = HOLD) -> AsyncIterator[Endpoint]:
        """Yield endpoints to try, each serving one in turn and again, for `hold` seconds."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + hold
        while (left := deadline - loop.time()) > 0:
            if not self._endpoints:
                await self._served(left)
            for endpoint in self._in_turn():
                if not endpoint.draining:
                    yield endpoint
            await asyncio.sleep(0.02)

    def _in_turn(self) -> list[Endpoint]:
        endpoints = self._endpoints
        self._turn += 1
        at = self._turn % len(endpoints) if endpoints else 0
        return [*endpoints[at:], *endpoints[:at]]

    async def _served(self, seconds: float) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        await asyncio.wait([waiter], timeout=seconds)
        self._waiting.discard(waiter)
