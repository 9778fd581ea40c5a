"""Commands inside a container that runs."""

from typing import TYPE_CHECKING

from tui.clients.docker.engine import Engine
from tui.clients.docker.sockets import TABLES, Listening, listening_sockets

if TYPE_CHECKING:
    from docker import APIClient


async def listening(engine: Engine, name: str) -> tuple[Listening, ...]:
    """Return who listens inside a container, nothing where it has no `cat`; raises FaultError."""

    def look(client: "APIClient") -> bytes:
        begun = client.exec_create(name, ["cat", *TABLES])
        said: bytes = client.exec_start(begun["Id"])
        return said

    return listening_sockets((await engine.ask(look)).decode(errors="replace"))
