"""The engine: the SDK's blocking calls, made in a few threads of this client's own.

Every call has a connection of its own, for an engine that was started anew in between would break
a kept one. The SDK is imported in those threads, since that takes longer than a painted frame.
"""

import asyncio
import os
import socket
import struct
import sys
import threading
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from tui.clients.docker.endpoint import Endpoint, Tls, find_endpoint
from tui.clients.docker.ssh import SshWay
from tui.clients.docker.streams import Stream
from tui.clients.threads import DaemonThreads
from tui.model.faults import FaultError
from tui.model.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docker import APIClient
    from docker.tls import TLSConfig

T = TypeVar("T")
PATIENCE = 120.0
"""Seconds of silence after which an engine counts as hanging; a registry may take long to answer
the engine after a large layer.
"""
CALLS = 4
STREAMS = 64


@frozen
class About:
    """What an engine says of itself."""

    name: str
    """Its machine's host name."""
    version: str
    api: str
    platform: str
    """Such as `linux/amd64`."""


class Engine:
    """A Docker engine, or whatever speaks its API; nothing is asked before the first call."""

    def __init__(
        self,
        context: str = "",
        environ: Mapping[str, str] = os.environ,
        patience: float = PATIENCE,
    ) -> None:
        self._context = context
        self._patience = patience
        self._calls = DaemonThreads(CALLS, "engine")
        self._streams = DaemonThreads(STREAMS, "engine-stream")
        self._version: str | None = None
        self._ssh: SshWay | None = None
        self._lock = threading.Lock()
        self.rootless = False
        """Whether it runs without root's rights, as its socket tells, known once it was asked
        something: the addresses of its containers are not this machine's then.
        """
        self.environ = environ
        self.buildx_versions: dict[tuple[str, int], tuple[int, ...]] = {}
        """What each buildx said of itself, by its path and the time it was installed."""

    @cached_property
    def endpoint(self) -> Endpoint:
        """Where it is; raises FaultError where docker's settings do not say it."""
        return find_endpoint(self.environ, self._context)

    async def ask(self, work: "Callable[[APIClient], T]") -> T:
        """Make SDK calls in a thread and return what they give; raises FaultError."""
        return await asyncio.get_running_loop().run_in_executor(self._calls, self._asked, work)

    async def stream(self, begin: "Callable[[APIClient], Iterable[T]]") -> AsyncGenerator[T, None]:
        """Yield what an SDK call iterates over; raises FaultError.

        Close it (`contextlib.aclosing`): that ends the call at the engine at once.
        """

        def work(stream: Stream[T]) -> None:
            with self._client() as client:
                stream.pump(client, begin)

        stream: Stream[T] = Stream(asyncio.get_running_loop())
        async with aclosing(stream.read(self._streams, work)) as items:
            async for item in items:
                yield item

    async def about(self) -> About:
        """Ask the engine who it is; raises FaultError."""
        return await self.ask(_about)

    async def has_image(self, reference: str) -> bool:
        """Ask whether the engine has an image, by reference or id; raises FaultError."""
        return await self.ask(lambda client: _has_image(client, reference))

    def close(self) -> None:
        """Let the threads end; calls that are under way end by themselves, or with redraft."""
        if self._ssh is not None:
            self._ssh.close()
        self._calls.close()
        self._streams.close()

    def _asked(self, work: "Callable[[APIClient], T]") -> T:
        with self._client() as client:
            return work(client)

    @contextmanager
    def _client(self) -> "Iterator[APIClient]":
        from tui.clients.docker.faults import engine_fault, is_sdk_error

        try:
            client = self._connected()
            with client:
                yield client
        except Exception as error:
            if not is_sdk_error(error):
                raise
            said = self._ssh.said() if self._ssh is not None else ""
            raise FaultError(engine_fault(error, self.endpoint.host, said)) from error

    def _connected(self) -> "APIClient":
        """Make a client; which API the engine speaks is asked once."""
        from docker.constants import DEFAULT_DOCKER_API_VERSION

        address = self._way()
        if self._version is None:
            with self._made(address, DEFAULT_DOCKER_API_VERSION) as client:
                self._version = client.version(api_version=False)["ApiVersion"]
        return self._made(address, self._version)

    def _way(self) -> str:
        """Return the address by which the SDK reaches the engine; raises OSError."""
        host = self.endpoint.host
        if not host.startswith("ssh://"):
            self.rootless = _probe(host)
            return host
        with self._lock:
            self._ssh = self._ssh or SshWay(host, self.environ)
        return self._ssh.open()

    def _made(self, address: str, version: str) -> "APIClient":
        from docker import APIClient

        tls = _tls_config(self.endpoint.tls)
        client = APIClient(
            address,
            version=version,
            timeout=self._patience,  # type: ignore[arg-type]  # requests takes fractions too
            tls=tls or False,
        )
        client.trust_env = tls is None  # else REQUESTS_CA_BUNDLE goes before the engine's own
        return client


def _probe(host: str) -> bool:
    """Return whether the socket of this machine is served by somebody else than root.

    Raises OSError where none is open; the SDK would leave its own behind.
    """
    if not host.startswith("unix://"):
        return False
    with socket.socket(socket.AF_UNIX) as asked:
        asked.connect(host.removeprefix("unix://"))
        return _peer(asked) != 0


def _peer(asked: socket.socket) -> int:
    """Return the user id of whoever listens (unix(7), SO_PEERCRED: pid, uid, gid); Linux only."""
    if sys.platform != "linux":
        return 0
    told = asked.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", told)[1])


def _tls_config(tls: Tls | None) -> "TLSConfig | None":
    from docker.tls import TLSConfig

    if tls is None:
        return None
    pair = (tls.certificate, tls.key) if tls.certificate and tls.key else None
    return TLSConfig(client_cert=pair, ca_cert=tls.ca or None, verify=True)


def _about(client: "APIClient") -> About:
    version, name = client.version(), client.info().get("Name", "")
    return About(
        name, version["Version"], version["ApiVersion"], f"{version['Os']}/{version['Arch']}"
    )


def _has_image(client: "APIClient", reference: str) -> bool:
    from docker.errors import NotFound

    try:
        client.inspect_image(reference)  # type: ignore[no-untyped-call]
    except NotFound:
        return False
    return True
