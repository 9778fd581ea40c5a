"""Port-forward: a local port that leads to whichever pod is to be reached now.

The port on 127.0.0.1 stays open while pods come and go. Each connection gets a websocket of its own
to the pod picked when it came in; one that comes while there is no pod, or whose pod just
died, is held for a while and nothing of it is lost, for nothing is read from it before the way is
open. Where no pod is to come it is ended at once. A connection ends with its pod: the client
connects again and reaches the next one.
"""

import asyncio
import errno
import os
from collections.abc import Callable
from contextlib import AsyncExitStack, aclosing, suppress

from tui.clients.kube.backoff import pause
from tui.clients.kube.channels import DATA, ERROR, forwarded, send
from tui.clients.kube.resources import segment
from tui.clients.kube.session import KubeSession
from tui.clients.kube.transport import Websocket
from tui.model.faults import Fault, FaultError

HOLD = 30.0
"""Seconds that a connection waits for a pod."""
SILENCE = 10.0
"""Seconds of silence after which a pod's answer to a client that ended its side is over.

The protocol cannot tell a pod that its client has ended only one direction.
"""
READ = 64 << 10
Pick = Callable[[], str | None]
"""Returns the name of the pod to reach now, None while there is none.

Raises `FaultError` where none is to be waited for.
"""


class Forwarder:
    """Forwards one local port to one port of a pod."""

    def __init__(
        self,
        session: KubeSession,
        namespace: str,
        remote: int,
        pick: Pick,
        told: Callable[[str], None],
    ) -> None:
        """Forward to `remote`; `told` takes why a connection failed, empty when one succeeded."""
        self.local = 0
        """The port on 127.0.0.1; 0 until `open`."""
        self._session = session
        self._pods = f"/api/v1/namespaces/{segment(namespace)}/pods"
        self._remote = remote
        self._pick = pick
        self._told = told
        self._news = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def open(self, local: int = 0) -> None:
        """Listen on the port, any free one for 0; raises `FaultError` (`port-taken`)."""
        try:
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", local)
        except OSError as error:
            raise FaultError(_taken(local, error)) from error
        self.local = self._server.sockets[0].getsockname()[1]

    def look(self) -> None:
        """Take that `pick` may answer otherwise now; connections that are held try at once."""
        self._news.set()
        self._news.clear()

    async def close(self) -> None:
        """Stop listening and end all connections."""
        if self._server:
            self._server.close()
        connections = list(self._connections)
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            async with AsyncExitStack() as stack:
                if websocket := await self._reach(stack):
                    await self._forward(reader, writer, websocket)
        except FaultError as error:
            self._told(error.fault.sentence)
        except asyncio.CancelledError:
            pass  # by `close`; passed on, asyncio would print it as a failure of its server
        finally:
            self._connections.discard(task)
            writer.close()

    async def _reach(self, stack: AsyncExitStack) -> Websocket | None:
        """Open the way to a pod; None when there was none for too long. Raises as `pick` does."""
        failures = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(HOLD):
                while True:
                    pod = self._pick()
                    if pod and (websocket := await self._open_way(pod, stack)):
                        return websocket
                    failures += 1
                    await self._wait(pause(failures))
        self._told(f"no pod could be reached for {HOLD:.0f} s")
        return None

    async def _open_way(self, pod: str, stack: AsyncExitStack) -> Websocket | None:
        path = f"{self._pods}/{segment(pod)}/portforward"
        way = self._session.websocket(path, {"ports": str(self._remote)})
        try:
            websocket = await stack.enter_async_context(way)
        except FaultError as error:
            self._told(error.fault.sentence)
            return None
        return websocket

    async def _wait(self, seconds: float) -> None:
        """Wait until another pod may be picked, or for so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()

    async def _forward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, websocket: Websocket
    ) -> None:
        """Carry bytes both ways until either side ends."""
        clock = asyncio.get_running_loop().time
        with suppress(TimeoutError):
            async with asyncio.timeout(None) as silence:

                def heard() -> None:
                    """Wait only so long for the next word once the client has ended its side."""
                    if up.done():
                        silence.reschedule(clock() + SILENCE)

                async def carry_up() -> None:
                    await _carry_up(reader, websocket)
                    silence.reschedule(clock() + SILENCE)

                up = asyncio.create_task(carry_up())
                try:
                    await self._carry_down(websocket, writer, heard)
                finally:
                    up.cancel()
                    await asyncio.gather(up, return_exceptions=True)

    async def _carry_down(
        self, websocket: Websocket, writer: asyncio.StreamWriter, heard: Callable[[], None]
    ) -> None:
        async with aclosing(forwarded(websocket)) as found:
            async for channel, content in found:
                heard()
                if channel == ERROR:
                    self._told(content.decode(errors="replace").strip())
                    return
                self._told("")
                with suppress(OSError):  # the client has gone; `up` ends as well
                    writer.write(content)
                    await writer.drain()


async def _carry_up(reader: asyncio.StreamReader, websocket: Websocket) -> None:
    with suppress(OSError):
        while content := await reader.read(READ):
            await send(websocket, DATA, content)


def _taken(port: int, error: OSError) -> Fault:
    taken = error.errno == errno.EADDRINUSE
    return Fault(
        "port-taken" if taken else "port-failed",
        f"port {port} is taken" if taken else f"cannot listen on port {port}",
        kind="usage",
        evidence=(os.strerror(error.errno or 0),),
        place="draft.toml",
        remedy="choose another local port in `override-ports`, or stop what listens there",
    )
