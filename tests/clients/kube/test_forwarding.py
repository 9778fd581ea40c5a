"""Connections whose two sides end at different times; a real pod is reached in the integration."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import aiohttp
import pytest

from tui.clients.kube.channels import DATA, ERROR
from tui.clients.kube.forwarding import Forwarder
from tui.clients.kube.session import KubeSession

PORT = b"\x90\x1f"
PIECES = 10


class Pod:
    """A websocket to a pod, and the session that opens it."""

    def __init__(self) -> None:
        self.heard = asyncio.Queue[bytes]()
        self.says = asyncio.Queue[aiohttp.WSMessage | None]()
        for channel in (DATA, ERROR):
            self.say(channel, PORT)

    def say(self, channel: int, content: bytes) -> None:
        message = aiohttp.WSMessage(aiohttp.WSMsgType.BINARY, bytes((channel,)) + content, None)
        self.says.put_nowait(message)

    def end(self) -> None:
        self.says.put_nowait(None)

    @asynccontextmanager
    async def websocket(self, path: str, query: Mapping[str, str]) -> AsyncIterator["Pod"]:
        yield self

    async def send_bytes(self, content: bytes) -> None:
        self.heard.put_nowait(content[1:])

    async def __aiter__(self) -> AsyncIterator[aiohttp.WSMessage]:
        while message := await self.says.get():
            yield message


@pytest.fixture
async def failures() -> list[Any]:
    """Return what asyncio would have printed."""
    found: list[Any] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: found.append(context))
    return found


@asynccontextmanager
async def client_of(
    pod: Pod,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect to the pod by a forwarded port."""
    forwarder = Forwarder(cast("KubeSession", pod), "shop", 8080, lambda: "web", lambda text: None)
    await forwarder.open(0)
    reader, writer = await asyncio.open_connection("127.0.0.1", forwarder.local)
    try:
        yield reader, writer
    finally:
        writer.close()
        await forwarder.close()


@pytest.mark.timeout(30)
async def test_a_pod_that_ends_ends_the_connection_and_nothing_is_printed(
    failures: list[Any],
) -> None:
    pod = Pod()
    async with client_of(pod) as (reader, writer):
        writer.write(b"GET / HT")
        assert await pod.heard.get() == b"GET / HT"
        pod.end()
        assert await reader.read() == b""
    assert not failures


@pytest.mark.timeout(30)
async def test_an_answer_is_carried_while_it_goes_on_after_the_client_ended_its_side(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.clients.kube.forwarding.SILENCE", 0.5)
    pod = Pod()

    async def answer() -> None:
        for _ in range(PIECES):
            await asyncio.sleep(0.1)
            pod.say(DATA, b"piece")

    async with client_of(pod) as (reader, writer), asyncio.TaskGroup() as group:
        writer.write(b"GET /")
        writer.write_eof()
        assert await pod.heard.get() == b"GET /"
        group.create_task(answer())
        assert await reader.read() == b"piece" * PIECES  # it ends by its silence
