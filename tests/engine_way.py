"""A way to the engine that tests can cut, as when it is stopped, and mend again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from tests.carrying import Relay
from tests.testbed import engine_environment
from tui.clients.docker.endpoint import find_endpoint
from tui.clients.listening import shut


class EngineWay:
    """Forwards a socket of its own to the engine's."""

    def __init__(self, path: Path, target: str) -> None:
        self._path = path
        self._relay = Relay(partial(asyncio.open_unix_connection, target))
        self._server: asyncio.Server | None = None

    @property
    def environ(self) -> dict[str, str]:
        """The environment in which the engine is reached this way."""
        return {**engine_environment(), "DOCKER_HOST": f"unix://{self._path}"}

    async def mend(self) -> None:
        self._server = await asyncio.start_unix_server(self._relay.forward, self._path)

    async def cut(self) -> None:
        """Break all connections and refuse new ones."""
        if self._server is not None:
            await shut(self._server)
            self._path.unlink(missing_ok=True)
        await self._relay.close()


@asynccontextmanager
async def way_to_the_engine(folder: Path) -> AsyncIterator[EngineWay]:
    """Open a way to the engine, whose socket is on this machine."""
    host = find_endpoint(engine_environment()).host
    way = EngineWay(folder / "engine.sock", host.removeprefix("unix://"))
    await way.mend()
    try:
        yield way
    finally:
        await way.cut()
