"""One session with one cluster: pinned to a context, raw JSON in and out.

The current context is never followed, and certificates are always verified, unless the user's
kubeconfig itself says otherwise. Import this late: aiohttp takes a quarter of a second.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import aiohttp

from tui import __version__
from tui.clients.kube.asking import Query
from tui.clients.kube.faults import unreadable
from tui.clients.kube.granting import Grants
from tui.clients.kube.kubeconfig import choose, find_kubeconfig, read_kubeconfig
from tui.clients.kube.locality import is_local
from tui.clients.kube.transport import (
    JSON,
    STREAMING,
    Request,
    Transport,
    Websocket,
    load,
    new_socket,
)
from tui.model.faults import FaultError

APPLY_PATCH = "application/apply-patch+yaml"
"""Server-side apply; JSON is YAML."""
MERGE_PATCH = "application/merge-patch+json"
METADATA = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
"""A list of objects of which only the metadata is sent; GA since Kubernetes 1.15."""
LINE = 4 << 20
"""Bytes of an answer that are buffered; a watch event may hold an object of 1.5 MiB."""
CLOSING = 1.0
"""Seconds for which the end of a websocket is waited to be answered: out of reach, nobody does."""


class KubeSession:
    """Requests to the API of one cluster.

    Every request raises `FaultError`: `api-unreachable`, `api-untrusted`, `api-unavailable` (busy
    or failing), `token-expired`, `api-forbidden`, `api-denied` (by a rule of the cluster),
    `api-not-found`, `api-exists`, `api-conflict`, `api-invalid`, `api-gone`, `api-refused`,
    `api-unreadable` (what answered is another server), `namespace-terminating`.
    """

    def __init__(self, transport: Transport) -> None:
        self.context = transport.context.name
        self.namespace = transport.context.namespace
        """The context's namespace, for environments that name none."""
        self.server = transport.context.server
        self._transport = transport
        self._grants: dict[str, Grants] = {}

    @classmethod
    @asynccontextmanager
    async def open(
        cls, context: str, paths: Sequence[Path] | None = None
    ) -> AsyncIterator["KubeSession"]:
        """Open a session with the context's cluster; sends no request yet.

        `paths` are the kubeconfig files, by default those that kubectl would read. Raises
        `FaultError` as `read_kubeconfig`, `choose` and `load_access` do.
        """
        found = find_kubeconfig() if paths is None else tuple(paths)
        kubeconfig = await asyncio.to_thread(read_kubeconfig, found)
        chosen = choose(kubeconfig, context)
        access = await load(kubeconfig, chosen)
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, socket_factory=new_socket),
            headers={"User-Agent": f"redraft/{__version__}", "Accept": JSON},
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=STREAMING,
            read_bufsize=LINE,
            trust_env=True,
        ) as http:
            yield cls(Transport(kubeconfig, chosen, access, http))

    @property
    def local(self) -> bool:
        """Whether the cluster is on this machine."""
        return is_local(self.server, self.context)

    def grants(self, namespace: str) -> Grants:
        """Return what tells that something was granted in a namespace, one for everybody."""
        return self._grants.setdefault(namespace, Grants(self, namespace))

    async def get(self, path: str, query: Query | None = None) -> dict[str, Any]:
        """Get a resource or a list."""
        return await self._json(Request("GET", path, query))

    async def metadata(self, path: str, query: Query | None = None) -> list[dict[str, Any]]:
        """Get the metadata of a list's objects, however large they are."""
        listed = await self._json(Request("GET", path, query, accept=METADATA))
        return [item["metadata"] for item in listed.get("items") or ()]

    async def post(
        self, path: str, query: Query | None = None, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Create a resource."""
        return await self._json(Request("POST", path, query, body))

    async def put(
        self, path: str, query: Query | None = None, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Replace a resource."""
        return await self._json(Request("PUT", path, query, body))

    async def patch(
        self,
        path: str,
        query: Query | None = None,
        body: Mapping[str, Any] | None = None,
        content_type: str = MERGE_PATCH,
    ) -> dict[str, Any]:
        """Change a resource."""
        return await self._json(Request("PATCH", path, query, body, content_type))

    async def delete(
        self, path: str, query: Query | None = None, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Delete a resource."""
        return await self._json(Request("DELETE", path, query, body))

    async def clock(self) -> float:
        """Return the API server's clock, Unix time in whole seconds, from an answer's date."""
        async with await self._transport.send(Request("GET", "/version")) as response:
            date = response.headers["Date"]
        return parsedate_to_datetime(date).timestamp()

    @asynccontextmanager
    async def stream(
        self, path: str, query: Query | None = None, patience: float | None = None
    ) -> AsyncIterator[aiohttp.StreamReader]:
        """Open an answer that goes on, such as a watch or a log.

        `patience` is for how many seconds its begin is waited for: a log that is silent may not
        even begin, so by default there is no limit.
        A connection that breaks while it is read raises `FaultError` out of the context as well.
        Leaving the context closes the connection.
        """
        with self._transport.reaching():
            async with asyncio.timeout(patience):
                response = await self._transport.send(
                    Request("GET", path, query, patience=STREAMING)
                )
        try:
            with self._transport.reaching():
                yield response.content
        finally:
            response.close()

    @asynccontextmanager
    async def websocket(
        self, path: str, query: Query | None = None, protocol: str = "v4.channel.k8s.io"
    ) -> AsyncIterator[Websocket]:
        """Open a websocket, for exec and port-forward; leaving the context closes it."""
        websocket = await self._transport.connect(Request("GET", path, query), protocol)
        try:
            with self._transport.reaching():
                yield websocket
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSING):
                    await websocket.close()

    async def _json(self, request: Request) -> dict[str, Any]:
        response = await self._transport.send(request)
        async with response:
            with self._transport.reaching():
                content = await response.read()
        try:
            answer: dict[str, Any] = json.loads(content)
        except ValueError as error:
            raise FaultError(unreadable(self.server, content)) from error
        return answer
