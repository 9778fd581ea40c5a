"""Sending requests to one API server: credentials, their renewal, and what goes wrong.

Credentials are read when the session opens and again, once, when the API answers 401: a plugin runs
anew, a token file is read anew. Requests that were under way meanwhile share that renewal: the
first to ask renews, the others wait at the lock and find access newer than what they failed with.
"""

import asyncio
import io
import json
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import aiohttp
from yarl import URL

from tui.clients.kube.asking import Query, asked
from tui.clients.kube.faults import BROKEN, refused, unreachable
from tui.clients.kube.kubeconfig import Context, Kubeconfig, choose, read_kubeconfig
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen

if TYPE_CHECKING:
    from tui.clients.kube.credentials import Access

JSON = "application/json"
CONNECT = 5.0
"""Seconds for a connection to be made."""
PATIENCE = 60.0
"""Seconds for an answer, or for a websocket to be opened."""
ORDINARY = aiohttp.ClientTimeout(total=PATIENCE, sock_connect=CONNECT)
STREAMING = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT)
"""For answers that go on; whoever reads them watches for silence."""
BUSY_TRIES = 5
"""How often a request is sent that the API server turns away for a moment."""
KEEPALIVE = {"TCP_KEEPIDLE": 20, "TCP_KEEPALIVE": 20, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}
"""Seconds of silence (by its names on Linux and macOS), seconds between probes, probes lost: a dead
peer is noticed within 50 s."""

T = TypeVar("T")
Websocket = aiohttp.ClientWebSocketResponse


@frozen
class Request:
    """One request."""

    method: str
    path: str
    query: Query | None = None
    body: Mapping[str, Any] | None = None
    content_type: str = JSON
    patience: aiohttp.ClientTimeout = ORDINARY
    accept: str = JSON


async def load(kubeconfig: Kubeconfig, context: Context) -> "Access":
    """Return the context's access, loading kubernetes.aio in a thread; raises FaultError."""

    def loading() -> Callable[[Kubeconfig, Context], Awaitable["Access"]]:
        from tui.clients.kube.credentials import load_access

        return load_access

    return await (await asyncio.to_thread(loading))(kubeconfig, context)


class Transport:
    """Sends requests as one context."""

    def __init__(
        self,
        kubeconfig: Kubeconfig,
        context: Context,
        access: "Access",
        http: aiohttp.ClientSession,
    ) -> None:
        self.context = context
        self._kubeconfig = kubeconfig
        self._access = access
        self._http = http
        self._lock = asyncio.Lock()

    async def send(self, request: Request) -> aiohttp.ClientResponse:
        """Return the answer when it is a success, else raise FaultError; the caller closes it."""
        return await self._renewing(partial(self._send, request))

    async def connect(self, request: Request, protocol: str) -> Websocket:
        """Open a websocket, else raise FaultError; the caller closes it."""
        return await self._renewing(partial(self._connect, request, protocol))

    @contextmanager
    def reaching(self) -> Iterator[None]:
        """Turn what a broken connection raises into `api-unreachable` or `api-untrusted`."""
        try:
            yield
        except BROKEN as error:
            raise FaultError(unreachable(self._access.server, error)) from error

    async def _renewing(self, attempt: "Callable[[Access], Awaitable[T]]") -> T:
        access = self._access
        try:
            return await attempt(access)
        except FaultError as error:
            if error.fault.code != "token-expired":
                raise
        return await attempt(await self._renewed(access))

    async def _renewed(self, stale: "Access") -> "Access":
        """Return access newer than `stale`; raises FaultError."""
        async with self._lock:
            if self._access is stale:
                kubeconfig = await asyncio.to_thread(read_kubeconfig, self._kubeconfig.paths)
                access = await load(kubeconfig, choose(kubeconfig, self.context.name))
                if access.server != stale.server:
                    raise FaultError(_moved(self.context, access.server))
                self._access = access
            return self._access

    async def _send(self, request: Request, access: "Access") -> aiohttp.ClientResponse:
        for left in reversed(range(BUSY_TRIES)):
            with self.reaching():
                response = await self._http.request(
                    request.method,
                    _url(access, request.path),
                    params=request.query,
                    data=_content(request),
                    headers={
                        **access.headers,
                        "Accept": request.accept,
                        "Content-Type": request.content_type,
                    },
                    timeout=request.patience,
                    **_route(access),
                )
                if response.status < 400:
                    return response
                async with response:
                    refusal = _status(await response.read())
            seconds = _retry_after(response)
            if seconds is None or not left:
                break
            await asyncio.sleep(seconds)
        raise self._refused(request, response.status, refusal)

    async def _connect(self, request: Request, protocol: str, access: "Access") -> Websocket:
        url = _url(access, request.path)
        anything = {"Accept": "*/*"}  # asked for JSON, v1.20 refuses pods/exec with 406
        try:
            with self.reaching():
                async with asyncio.timeout(PATIENCE):
                    websocket: Websocket = await self._http.ws_connect(
                        url,
                        params=request.query,
                        protocols=(protocol,),
                        headers={**access.headers, **anything},
                        max_msg_size=0,
                        **_route(access),
                    )
                return websocket
        except FaultError as error:
            if not isinstance(error.__cause__, aiohttp.WSServerHandshakeError):
                raise
            raise self._refused(request, error.__cause__.status, {}) from None

    def _refused(self, request: Request, status: int, body: Mapping[str, Any]) -> FaultError:
        what = asked(request.method, request.path, request.query)
        return FaultError(refused(status, body, what, self.context.name))


def new_socket(address: Any) -> socket.socket:
    """Make a socket that notices a peer that died without a word; log streams may be silent."""
    made = socket.socket(*address[:3])
    made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEPALIVE.items():
        if option := getattr(socket, name, None):
            made.setsockopt(socket.IPPROTO_TCP, option, value)
    return made


def _url(access: "Access", path: str) -> URL:
    return URL(access.server + path, encoded=True)


def _content(request: Request) -> io.BytesIO | None:
    """Return the body as a file: aiohttp sends that piece by piece, a megabyte too."""
    return None if request.body is None else io.BytesIO(json.dumps(request.body).encode())


def _route(access: "Access") -> dict[str, Any]:
    return {"ssl": access.ssl, "server_hostname": access.server_hostname, "proxy": access.proxy}


def _status(content: bytes) -> Mapping[str, Any]:
    """Return the API's Status; what a proxy says instead is its message."""
    try:
        body = json.loads(content)
    except ValueError:
        body = None
    if isinstance(body, dict):
        return body
    return {"message": content[:500].decode(errors="replace").strip()}


def _retry_after(response: aiohttp.ClientResponse) -> float | None:
    """Return the seconds that the API server asks to wait, at most ten; None where it does not.

    It was not done then, as when the server is busy (429), or a namespace is so new that its
    service account has no token yet (500).
    """
    seconds = response.headers.get("Retry-After", "")
    if response.status != 429 and response.status < 500:
        return None
    return min(float(seconds), 10.0) if seconds.isdecimal() else None


def _moved(context: Context, server: str) -> Fault:
    return Fault(
        "context-moved",
        f"the context `{context.name}` names another server now",
        kind="usage",
        evidence=(f"was {context.server}", f"is {server}"),
        remedy="open redraft again if that is the cluster you mean",
    )
