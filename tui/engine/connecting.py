"""Connecting: local ports kept open beside the loop, from `Connect` to `Disconnect`."""

import asyncio
import contextlib

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
        self._task: asyncio.Task[None] | None = None

    @property
    def open(self) -> bool:
        """Whether local ports are open, or being opened."""
        return self._task is not None and not self._task.done()

    def connect(self) -> None:
        """Open the local ports, unless they are open or the backend has none to offer."""
        if isinstance(self._backend, Connecting) and not self.open:
            self._task = asyncio.create_task(self._follow(self._backend), name="connecting")

    async def disconnect(self) -> None:
        """Close them and wait until they are closed."""
        if self._task is None:
            return
        task, self._task = self._task, None
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

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
