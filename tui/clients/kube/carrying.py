"""Carrying: the bytes of one connection to a pod and back, over a websocket.

A kept-alive HTTP connection outlives its pod's turn, as it does on a stable port: where another pod
is to be reached by now, and the client begins another request while no answer is due, the way to
this pod is left, and what the client sent goes to the next one. What is no request of HTTP/1 is
never moved: its state lives in its pod.
"""

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress

from tui.clients.kube.channels import DATA, ERROR, forwarded, send
from tui.clients.kube.transport import Websocket
from tui.supervisor.requests import begins_request

SILENCE = 10.0
"""Seconds of silence after which a pod's answer to a client that ended its side is over.

The protocol cannot tell a pod that its client has ended only one direction.
"""
READ = 64 << 10


class Carrier:
    """Carries one client's bytes, to one pod after another."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        told: Callable[[str], None],
    ) -> None:
        """`told` takes why a pod could not be reached, empty when it was."""
        self._reader = reader
        self._writer = writer
        self._told = told
        self._clock = asyncio.get_running_loop().time
        self._heard = 0.0
        self._asking = False
        """The last bytes came from the client: an answer is due."""

    async def carry(
        self, websocket: Websocket, first: bytes, outdated: Callable[[], bool]
    ) -> bytes:
        """Carry both ways, what was read `first` before all else, until either side ends.

        Returns a request that is for another pod, as this one is `outdated`; empty when the
        connection is over.
        """
        up = asyncio.create_task(self._carry_up(websocket, first, outdated))
        down = asyncio.create_task(self._carry_down(websocket))
        try:
            await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
            if up.done() and (left := up.result()):
                return left
            await self._hear_out(down)
        finally:
            up.cancel()
            down.cancel()
            await asyncio.gather(up, down, return_exceptions=True)
        return b""

    async def _carry_up(
        self, websocket: Websocket, first: bytes, outdated: Callable[[], bool]
    ) -> bytes:
        content = first
        with suppress(OSError):
            if content:
                await self._ask(websocket, content)
            while content := await self._reader.read(READ):
                if not self._asking and begins_request(content) and outdated():
                    return content
                await self._ask(websocket, content)
        return b""

    async def _ask(self, websocket: Websocket, content: bytes) -> None:
        self._asking = True
        await send(websocket, DATA, content)

    async def _carry_down(self, websocket: Websocket) -> None:
        async with aclosing(forwarded(websocket)) as found:
            async for channel, content in found:
                self._heard = self._clock()
                if channel == ERROR:
                    self._told(content.decode(errors="replace").strip())
                    return
                self._told("")
                self._asking = False
                with suppress(OSError):  # the client has gone; the other direction ends as well
                    self._writer.write(content)
                    await self._writer.drain()

    async def _hear_out(self, down: "asyncio.Task[None]") -> None:
        """Wait for the end of what the pod says, which after a silence has come."""
        self._heard = self._clock()
        while not down.done() and (left := self._heard + SILENCE - self._clock()) > 0:
            await asyncio.wait({down}, timeout=left)
        if down.done():
            down.result()
