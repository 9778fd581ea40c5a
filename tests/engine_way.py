"""A way to the engine that tests can cut, as when it is stopped, and mend again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.carrying import carry
from tests.testbed import engine_environment
from tui.clients.docker.endpoint import find_endpoint


class EngineWay:
    """Forwards a socket of its own to the engine's."""

    def __init__(self, path: Path, target: str) -> None:
        self._path = path
        self._target = target
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    @property
    def environ(self) -> dict[str, str]:
        """The environment in which the engine is reached this way."""
        return {**engine_environment(), "DOCKER_HOST": f"unix://{self._path}"}

    async def mend(self) -> None:
        self._server = await asyncio.start_unix_server(self._forward, self._path)

    async def cut(self) -> None:
        """Break all connections and refuse new ones."""
        if self._server is not None:
            self._server.close()
            self._path.unlink(missing_ok=True)
        for writer in self._open:
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._target)
        self._open |= {writer, back}
        try:
            await asyncio.gather(carry(reader, back), carry(there, writer))
        finally:
            self._open -= {writer, back}


@asynccontextmanager
async def way_to_the_engine(folder: Path) -> AsyncIterator[EngineWay]:
    """Open a way to the engine, whose socket is on this machine."""
    host = find_endpoint(engine_environment()).host
    way = EngineWay(folder / "engine.sock", host.removeprefix("unix://"))
    await way.mend()
    yield way
    await way.cut()
