"""The engine: the SDK's blocking calls, made in a few threads of this client's own.

Every call has a connection of its own, for an engine that was started anew in between would break
a kept one. The SDK is imported in those threads, since that takes longer than a painted frame.
"""

import asyncio
import os
import socket
import threading
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from tui.clients.docker.endpoint import Endpoint, Tls, find_endpoint
from tui.clients.docker.streams import Stream
from tui.model.faults import FaultError

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


@dataclass(frozen=True, slots=True)
class About:
    """What an engine says of itself."""

    name: str
    """Its machine's host name."""
    version: str
    api: str
    platform: str
    """Such as `linux/amd64`."""


@dataclass(frozen=True, slots=True)
class EngineImage:
    """An image that the engine has."""

    id: str
    size: int
    """Bytes."""
    digests: tuple[str, ...]
    """`repository@sha256:...` for every registry it was pulled from or pushed to."""


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
        self._calls = ThreadPoolExecutor(CALLS, "engine")
        self._streams = ThreadPoolExecutor(STREAMS, "engine-stream")
        self._version: str | None = None
        self._lock = threading.Lock()
        self.environ = environ

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

    async def image(self, reference: str) -> EngineImage | None:
        """Return an image the engine has, by reference or id; raises FaultError."""
        return await self.ask(lambda client: _image(client, reference))

    def close(self) -> None:
        """Let the threads end; calls that are under way end by themselves."""
        self._calls.shutdown(wait=False, cancel_futures=True)
        self._streams.shutdown(wait=False, cancel_futures=True)

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
            raise FaultError(engine_fault(error, self.endpoint.host)) from error

    def _connected(self) -> "APIClient":
        """Make a client; what the engine's API is like is asked once."""
        from docker import APIClient

        endpoint = self.endpoint
        _probe(endpoint.host)
        client = APIClient(
            endpoint.host,
            version=self._version or "auto",
            timeout=self._patience,  # type: ignore[arg-type]  # requests takes fractions too
            tls=_tls_config(endpoint.tls) or False,
        )
        with self._lock:
            self._version = client.api_version
        return client


def _probe(host: str) -> None:
    """Raise OSError where no socket of this machine is open; the SDK would leave its own behind."""
    if host.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as asked:
            asked.connect(host.removeprefix("unix://"))


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


def _image(client: "APIClient", reference: str) -> EngineImage | None:
    from docker.errors import NotFound

    try:
        found: dict[str, Any] = client.inspect_image(reference)  # type: ignore[no-untyped-call]
    except NotFound:
        return None
    return EngineImage(found["Id"], found["Size"], tuple(found.get("RepoDigests") or ()))
