"""A way to the real registry on which requests go wrong as a test says: what a real one cannot be
made to do at will.

Every connection carries one request; what no rule takes is passed on as it is, both ways.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from typing import Literal

from tui.clients.listening import shut

Action = Literal["fail", "refuse", "hang", "cut"]
ANSWERS = {
    "fail": (500, "Internal Server Error", "UNKNOWN", "unknown error"),
    "refuse": (401, "Unauthorized", "UNAUTHORIZED", "authentication required"),
}
"""In the words of the specification (opencontainers/distribution-spec) and of docker's registry:
dockerd 28 with the containerd image store tells nothing else of an answer, not even its status.
"""
WHY = "disk on fire"
PLAIN = b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTPS request to an HTTP server.\n"
"""What a server without TLS says to a client with it."""
CUT_AFTER = 20_000
"""Bytes of a body that are passed on before the connection breaks."""


@dataclass
class Rule:
    """What happens to some requests."""

    method: str
    """A regular expression too: a layer is sent by PATCH, and by containerd with PUT."""
    path: str
    """A regular expression that is found in the path."""
    action: Action
    times: int = 1_000_000

    def takes(self, method: str, path: str) -> bool:
        if (
            not self.times
            or not re.fullmatch(self.method, method)
            or not re.search(self.path, path)
        ):
            return False
        self.times -= 1
        return True


@dataclass
class FaultyRegistry:
    """Where it is, and what goes wrong there."""

    real: str
    host: str = ""
    rules: list[Rule] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    """Method and path of every request."""
    open: dict[asyncio.Task[None], asyncio.StreamWriter] = field(default_factory=dict)

    def break_connections(self) -> None:
        for writer in self.open.values():
            writer.transport.abort()

    async def close(self) -> None:
        """Break all connections and wait until none is left."""
        self.break_connections()
        tasks = list(self.open)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.open[task] = writer
        try:
            with closing(writer), suppress(asyncio.CancelledError):
                await self._serve(reader, writer)
        finally:
            del self.open[task]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readexactly(1)
            if head == b"\x16":  # TLS is tried first; containerd goes on without only if told so
                writer.write(PLAIN)
                return
            head += await reader.readuntil(b"\r\n\r\n")
            method, path, _ = head.decode("latin-1").split(" ", 2)
            self.seen.append(f"{method} {path}")
            rule = next((rule for rule in self.rules if rule.takes(method, path)), None)
            await self._answer(rule.action if rule else None, head, reader, writer)

    async def _answer(
        self,
        action: Action | None,
        head: bytes,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        if action == "hang":
            await reader.read()
        elif action in ANSWERS:
            status, reason, code, message = ANSWERS[action]
            text = json.dumps({"errors": [{"code": code, "message": message, "detail": WHY}]})
            writer.write(
                f"HTTP/1.1 {status} {reason}\r\nContent-Type: application/json\r\n"
                f"Docker-Distribution-Api-Version: registry/2.0\r\nConnection: close\r\n"
                f"Content-Length: {len(text)}\r\n\r\n{text}".encode()
            )
            await writer.drain()
        else:
            await self._pass(head, reader, writer, CUT_AFTER if action == "cut" else 1 << 60)

    async def _pass(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, room: int
    ) -> None:
        host, _, port = self.real.rpartition(":")
        there, back = await asyncio.open_connection(host, int(port))
        first, rest = head.split(b"\r\n", 1)
        kept = re.sub(rb"(?im)^connection:.*\r\n", b"", rest)
        with closing(back):
            back.write(first + b"\r\nConnection: close\r\n" + kept)
            asking = asyncio.create_task(copy(reader, back, room, writer))
            try:
                await copy(there, writer, 1 << 60, back)
            finally:
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)


async def copy(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    room: int,
    other: asyncio.StreamWriter,
) -> None:
    """Pass bytes on until there is no more room: then both sides are broken off."""
    while piece := await reader.read(8_192):
        writer.write(piece[:room])
        await writer.drain()
        room -= len(piece)
        if room <= 0:
            writer.transport.abort()
            other.transport.abort()
            return


@asynccontextmanager
async def faulty_registry(real: str) -> AsyncIterator[FaultyRegistry]:
    """Serve on a loopback port, which engines trust without TLS."""
    registry = FaultyRegistry(real)
    server = await asyncio.start_server(registry.serve, "127.0.0.1", 0)
    try:
        registry.host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield registry
    finally:
        await shut(server)
        await registry.close()
