"""The proxy: carries bytes between whoever connects to the stable port and a replica.

Each connection is a `Link` of two sides. A side that cannot take more pauses the other one's
reading, so that no more than `BUFFER` bytes wait in either direction. The end of one direction is
passed on as such (half-close); when both directions ended the link is closed.

A kept-alive HTTP connection outlives a switch: when its replica is draining and the client begins
another request while none is open, the link moves to a replica of the new revision and the client
notices nothing. What is no HTTP/1 request is never moved: its state lives in the old replica.
"""

import asyncio

from tui.supervisor.requests import begins_request
from tui.supervisor.routing import Endpoint, Router

BUFFER = 65_536
CONNECT = 3.0
"""Seconds a replica may take to accept a connection."""


class Side(asyncio.Protocol):
    """One end of a link."""

    def __init__(self, link: "Link") -> None:
        self.link = link
        self.ended = False
        """It will send no more bytes."""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Join what has just been opened."""
        assert isinstance(transport, asyncio.Transport)
        transport.set_write_buffer_limits(high=BUFFER)
        self.transport = transport
        self.link.opened(self)

    def data_received(self, data: bytes) -> None:
        """Pass bytes on."""
        self.link.carry(self, data)

    def eof_received(self) -> bool:
        """Pass on the end; the side stays open for the other direction."""
        self.link.half_close(self)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Close the other side as well."""
        self.link.lost(self, exc)

    def pause_writing(self) -> None:
        """Stop reading the other side: this one takes no more for now."""
        other = self.link.other(self)
        if other is not None and other.transport is not None:
            other.transport.pause_reading()

    def resume_writing(self) -> None:
        """Read the other side again."""
        other = self.link.other(self)
        if other is not None and other.transport is not None:
            other.transport.resume_reading()


class Link:
    """A client's connection and the replica's it is joined to."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._loop = asyncio.get_running_loop()
        self._touched = self._loop.time()
        self._asking = False
        """The last bytes came from the client: an answer is due."""
        self._endpoint: Endpoint | None = None
        self._joining: asyncio.Task[None] | None = None
        self.client = Side(self)
        self.replica: Side | None = None

    def other(self, side: Side) -> Side | None:
        """Return the opposite side; None while there is none, and for a replica we left."""
        if side is self.client:
            return self.replica
        return self.client if side is self.replica else None

    def opened(self, side: Side) -> None:
        """Find a replica for a client that has just come; hear a replica from its first byte."""
        if side is self.client:
            self._join(b"")
        else:
            self.replica = side

    def carry(self, side: Side, data: bytes) -> None:
        """Pass bytes on to the other side."""
        self._touched = self._loop.time()
        if side is self.client and self._may_move(data):
            self._leave()
            self._join(data)
            return
        self._asking = side is self.client
        _write(self.other(side), data)

    def half_close(self, side: Side) -> None:
        """Pass on that a side sends no more."""
        side.ended = True
        other = self.other(side)
        if other is None:
            return
        if other.ended:
            self.close()
        elif other.transport is not None and not other.transport.is_closing():
            other.transport.write_eof()

    def lost(self, side: Side, error: Exception | None) -> None:
        """Close the other side of a closed one, or break it off where this one broke off."""
        if side is not self.client and side is not self.replica:
            return  # a replica that we left
        self._forget()
        for transport in self._transports():
            if error is not None:
                transport.abort()
            else:
                transport.close()

    def idle(self, seconds: float) -> bool:
        """Whether it owes no answer and has been quiet for so long."""
        return not self._asking and self._loop.time() - self._touched >= seconds

    def close(self) -> None:
        """Close both sides after what is buffered was sent."""
        for transport in self._transports():
            transport.close()

    def _may_move(self, data: bytes) -> bool:
        draining = self._endpoint is not None and self._endpoint.draining
        return draining and not self._asking and begins_request(data)

    def _leave(self) -> None:
        """Part from the replica; what it still sends goes nowhere."""
        self._forget()
        left, self.replica = self.replica, None
        if left is not None and left.transport is not None:
            left.transport.close()

    def _join(self, data: bytes) -> None:
        if self.client.transport is not None:
            self.client.transport.pause_reading()
        self._joining = self._loop.create_task(self._find_replica(data))

    async def _find_replica(self, data: bytes) -> None:
        async for endpoint in self._router.candidates():
            if self.client.transport is None or self.client.transport.is_closing():
                return
            if await self._reach(endpoint):
                self._joined(data)
                return
        self.close()

    async def _reach(self, endpoint: Endpoint) -> bool:
        side = Side(self)
        endpoint.opening += 1
        try:
            async with asyncio.timeout(CONNECT):
                await self._loop.create_connection(lambda: side, endpoint.host, endpoint.port)
        except OSError:  # a TimeoutError is one
            return False
        finally:
            endpoint.opening -= 1
        self._endpoint = endpoint
        endpoint.connections.add(self)
        return True

    def _joined(self, data: bytes) -> None:
        self._touched = self._loop.time()
        if self.client.transport is None or self.client.transport.is_closing():
            self._leave()
            return
        if data:
            self._asking = True
            _write(self.replica, data)
        self.client.transport.resume_reading()

    def _forget(self) -> None:
        if self._endpoint is not None:
            self._endpoint.connections.discard(self)
            self._endpoint = None

    def _transports(self) -> list[asyncio.Transport]:
        sides = [side for side in (self.client, self.replica) if side is not None]
        return [side.transport for side in sides if side.transport is not None]


def _write(side: Side | None, data: bytes) -> None:
    if side is not None and side.transport is not None and not side.transport.is_closing():
        side.transport.write(data)
