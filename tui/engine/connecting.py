"""Connecting: local ports kept open beside the loop, from `Connect` to `Disconnect`.

Closing them takes a moment. A `Connect` that comes meanwhile is taken, and waits for its end: only
then are the local ports free.
"""

import asyncio

from tui.engine.bus import Bus
from tui.engine.outcomes import unexpected
from tui.model import events as e
from tui.model.faults import FaultError
from tui.ports.backend import Backend
from tui.ports.capabilities import Connecting


class Connector:
    """Keeps the connections of one backend while they are wanted."""

    def __init__(self, backend: Backend, bus: Bus) -> None:
        self._backend = backend
        self._bus = bus
        self._ports = asyncio.Lock()
        self._wanted: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def open(self) -> bool:
        """Whether local ports are open, or being opened."""
        return self._wanted is not None and not self._wanted.done()

    def connect(self) -> None:
        """Open the local ports, unless they are open or the backend has none to offer."""
        if isinstance(self._backend, Connecting) and not self.open:
            self._wanted = asyncio.create_task(self._in_turn(self._backend), name="connecting")
            self._tasks.add(self._wanted)
            self._wanted.add_done_callback(self._tasks.discard)

    def disconnect(self) -> None:
        """Have them closed."""
        if self._wanted is not None:
            self._wanted.cancel()
            self._wanted = None

    async def closed(self) -> None:
        """Wait until what is to be closed is."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _in_turn(self, backend: Connecting) -> None:
        async with self._ports:
            await self._follow(backend)

    async def _follow(self, backend: Connecting) -> None:
        try:
            async for connections in backend.connect():
                self._bus.publish(e.ConnectionsChanged(connections))
        except FaultError as error:
            self._bus.publish(e.FaultRaised(error.fault))
        except Exception as error:  # noqa: BLE001 - a lost connection must not end the loop
            self._bus.publish(e.FaultRaised(unexpected(error, "connecting")))
        finally:
            self._bus.publish(e.ConnectionsChanged(()))
