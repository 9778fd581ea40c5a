"""Port-forward: a local port that leads to whichever pod is to be reached now.

The port on 127.0.0.1 stays open while pods come and go. Each connection gets a websocket of its own
to the pod picked when it came in; one that comes while there is no pod, or whose pod just
died, is held for a while and nothing of it is lost, for nothing is read from it before the way is
open. Where no pod is to come it is ended at once. A connection ends with its pod, unless its client
began another request for the next pod before: else the client connects again and reaches that one.
"""

import asyncio
import errno
import os
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress

from tui.clients.kube.backoff import pause
from tui.clients.kube.carrying import Carrier
from tui.clients.kube.resources import segment
from tui.clients.kube.session import KubeSession
from tui.clients.kube.transport import Websocket
from tui.clients.listening import shut
from tui.model.faults import Fault, FaultError

HOLD = 30.0
"""Seconds that a connection waits for a pod."""
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
            await shut(self._server)
        connections = list(self._connections)
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            carrier = Carrier(reader, writer, self._told)
            content = await self._carried(carrier, b"")
            while content:
                content = await self._carried(carrier, content)
        except FaultError as error:
            self._told(error.fault.sentence)
        except asyncio.CancelledError:
            pass  # by `close`; passed on, asyncio would print it as a failure of its server
        finally:
            self._connections.discard(task)
            writer.close()

    async def _carried(self, carrier: Carrier, content: bytes) -> bytes:
        """Carry to the pod to reach now; returns what is for the next. Raises FaultError."""
        async with AsyncExitStack() as stack:
            reached = await self._reach(stack)
            if reached is None:
                return b""
            pod, websocket = reached
            return await carrier.carry(websocket, content, lambda: self._is_outdated(pod))

    def _is_outdated(self, pod: str) -> bool:
        """Whether another pod is to be reached; while none is, this one may still answer."""
        with suppress(FaultError):
            return self._pick() not in {pod, None}
        return False

    async def _reach(self, stack: AsyncExitStack) -> tuple[str, Websocket] | None:
        """Open the way to a pod; None when there was none for too long. Raises as `pick` does."""
        failures = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(HOLD):
                while True:
                    pod = self._pick()
                    if pod and (websocket := await self._open_way(pod, stack)):
                        return pod, websocket
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
