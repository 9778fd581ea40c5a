"""Parts of an API server, in the test's hand: a pod behind a websocket, and what is granted."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

import aiohttp

from tui.clients.kube.channels import DATA, ERROR

PORT = b"\x90\x1f"


class NothingGranted:
    """Never tells that something was granted; counts how often it was to be looked at."""

    def __init__(self) -> None:
        self.stirred = 0

    @contextmanager
    def told(self, refused: object, wake: object) -> Iterator[None]:
        yield

    def stir(self) -> None:
        self.stirred += 1


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
