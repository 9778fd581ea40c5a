"""A container's log as the engine keeps it, read from a time on, and followed.

The engine sends every line as a chunk of its own. So what comes is gathered where it is read, and
only its beginning is told to the loop, which then takes all that is there: a flood costs the loop a
wake-up each `BREATH`, not one a line.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING

from tui.clients.docker.engine import Engine
from tui.clients.docker.inspecting import NANO
from tui.clients.docker.logframes import FrameReader, LogFrame

if TYPE_CHECKING:
    from docker import APIClient

CHUNK = 1 << 16
BREATH = 0.01
"""Seconds between two takes."""
FULL = 8 << 20
"""Bytes gathered from which on every chunk is told, which slows the reading down."""


class Gathered:
    """Bytes on their way from the reading thread to the loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._chunks: list[bytes] = []
        self._size = 0

    def put(self, chunk: bytes) -> bool:
        """Add a chunk; return whether that has to be told."""
        with self._lock:
            self._chunks.append(chunk)
            self._size += len(chunk)
            return len(self._chunks) == 1 or self._size > FULL

    def take(self) -> bytes:
        """Return all that is there."""
        with self._lock:
            chunks, self._chunks, self._size = self._chunks, [], 0
        return b"".join(chunks)


async def read_log(
    engine: Engine, container: str, since: int, until: int = 0, *, follow: bool, tail: int = 0
) -> AsyncGenerator[list[LogFrame], None]:
    """Yield the frames since a Unix time in nanoseconds, as they come; raises FaultError.

    `until` is another such time, 0 for none. Following ends when the container does. One that is
    gone has no log. `tail` leaves out all but the last frames; 0 for none.
    """
    params = {
        "stdout": "1",
        "stderr": "1",
        "timestamps": "1",
        "follow": "1" if follow else "0",
        "since": _stamp(since),
        "tail": str(tail) if tail else "all",
        **({"until": _stamp(until)} if until else {}),
    }
    reader, gathered = FrameReader(), Gathered()

    def gather(client: "APIClient") -> Iterator[None]:
        return (None for chunk in _chunks(client, container, params) if gathered.put(chunk))

    async with aclosing(engine.stream(gather)) as news:
        async for _ in news:
            if data := gathered.take():
                yield reader.feed(data)
                await asyncio.sleep(BREATH)


def _stamp(time: int) -> str:
    return f"{time // NANO}.{time % NANO:09}" if time else "0"


def _chunks(client: "APIClient", container: str, params: dict[str, str]) -> Iterator[bytes]:
    from docker.errors import APIError

    address = f"{client.base_url}/v{client.api_version}/containers/{container}/logs"
    response = client.get(address, params=params, stream=True, timeout=None)
    if response.status_code in (404, 409):  # gone, or being removed by someone already
        return
    if not response.ok:
        raise APIError(f"{response.status_code} from {address}", response, response.text)
    yield from response.raw.stream(CHUNK, decode_content=False)
