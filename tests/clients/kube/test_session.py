"""What a session does while its API server is not heard any more; the rest needs a cluster."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from tests.clients.kube.test_watching import kubeconfig_for
from tui.clients.kube.session import KubeSession


@asynccontextmanager
async def unheard() -> AsyncIterator[int]:
    """Open websockets, on the port that is given, and say nothing in them, not even their end."""
    over = asyncio.Event()

    async def serve(request: web.BaseRequest) -> web.WebSocketResponse:
        websocket = web.WebSocketResponse(protocols=("v4.channel.k8s.io",))
        await websocket.prepare(request)
        await over.wait()
        return websocket

    server = await asyncio.get_running_loop().create_server(web.Server(serve), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        over.set()
        server.close()


@pytest.mark.timeout(30)
async def test_a_websocket_is_left_soon_where_the_server_does_not_answer(tmp_path: Path) -> None:
    async with (
        unheard() as port,
        KubeSession.open("silent", [kubeconfig_for(port, tmp_path)]) as session,
    ):
        stack = AsyncExitStack()
        way = session.websocket("/api/v1/namespaces/shop/pods/web/portforward")
        opened = await stack.enter_async_context(way)
        async with asyncio.timeout(8):  # aiohttp itself waits for ten seconds
            await stack.aclose()
        assert opened.closed
