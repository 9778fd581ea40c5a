"""A way to the API server that tests can cut: connections break, then new ones are refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from tests.carrying import Relay
from tui.clients.kube.kubeconfig import find_kubeconfig
from tui.clients.listening import shut


class Way:
    """Forwards connections to one server."""

    def __init__(self, host: str, port: int) -> None:
        self._relay = Relay(partial(asyncio.open_connection, host, port))
        self._server: asyncio.Server | None = None
        self.port = 0

    @property
    def accepted(self) -> int:
        """How many connections came."""
        return self._relay.accepted

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._relay.forward, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Refuse new connections and break those there, in the middle of whatever they carry."""
        if self._server:
            await shut(self._server)
        await self._relay.close()

    def break_connections(self) -> None:
        self._relay.break_connections()


@asynccontextmanager
async def way_to_the_cluster(folder: Path) -> AsyncIterator[tuple[Way, Path]]:
    """Yield a way to the API server, and a kubeconfig that goes it."""
    document = yaml.safe_load(find_kubeconfig()[0].read_text())
    cluster = document["clusters"][0]["cluster"]
    server = urlsplit(cluster["server"])
    way = Way(str(server.hostname), server.port or 443)
    await way.mend()
    cluster["server"] = f"https://127.0.0.1:{way.port}"
    cluster["tls-server-name"] = server.hostname
    path = folder / "kubeconfig-over-the-way"
    path.write_text(yaml.safe_dump(document))
    try:
        yield way, path
    finally:
        await way.cut()
