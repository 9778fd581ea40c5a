"""Reaching a container: by its own address where that is on this machine, else by a published port.

The engine's proxy in front of a published port accepts every connection, also while nothing listens
inside, and then closes it. A container's own address refuses instead, and a refused connection can
be held until the app listens. So the address is used wherever the engine's bridge is one of this
machine's interfaces; the published port serves where it is not, as with a virtual machine (Docker
Desktop). It serves with an engine that runs without root's rights as well, whose bridge is in a
network namespace of its own: this machine's own engine often has one of the same address. A
published port counts as open only when the connection outlives a moment.
"""

import asyncio
import contextlib
import socket
import sys

from tui.clients.docker.containers import LOOPBACK
from tui.clients.docker.inspecting import ContainerState
from tui.model.frozen import frozen
from tui.supervisor.probing import ProbeError, probe

OUTLIVES = 0.2
"""Seconds within which the engine's proxy closes what it cannot pass on."""


@frozen
class Way:
    """Where a container answers."""

    host: str
    port: int
    direct: bool
    """By its own address."""

    @property
    def address(self) -> str:
        """`host:port`."""
        return f"{self.host}:{self.port}"


def way_to(state: ContainerState, inside: int, *, rootless: bool) -> Way | None:
    """Return how to reach the port a running container opens; None while there is no way."""
    here = sys.platform == "linux" and not rootless
    if here and state.address and is_own(state.gateway):
        return Way(state.address, inside, direct=True)
    return Way(LOOPBACK, state.published, direct=False) if state.published else None


def is_own(address: str) -> bool:
    """Whether an address is one of this machine's: only then can it be bound."""
    with socket.socket() as asked, contextlib.suppress(OSError):
        asked.bind((address, 0))
        return bool(address)
    return False


async def probe_way(way: Way, path: str) -> None:
    """Ask once whether the app answers; raises ProbeError."""
    if not path and not way.direct:
        await _outlives(way)
        return
    await probe(way.port, path, (way.host,))


async def _outlives(way: Way) -> None:
    """Connect and see whether the connection stays."""
    try:
        reader, writer = await asyncio.open_connection(way.host, way.port)
    except OSError as error:
        raise ProbeError(f"connection refused on port {way.port}") from error
    try:
        async with asyncio.timeout(OUTLIVES):
            said = await reader.read(1)
        if not said:
            raise ProbeError("the port is not open inside the container")
    except TimeoutError:
        return
    except OSError as error:
        raise ProbeError("the port is not open inside the container") from error
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
