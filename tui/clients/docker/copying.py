"""Copying files into a container that runs, and removing some from it.

The engine unpacks a tar by itself, whatever the image holds, but it can remove nothing: that is
done by the image's own `rm`.
"""

from typing import TYPE_CHECKING

from tui.clients.docker.engine import Engine
from tui.clients.docker.executing import closing_connections
from tui.model.faults import Fault, FaultError

if TYPE_CHECKING:
    from docker import APIClient

ROOT = "0"


async def copy_into(engine: Engine, name: str, tar: bytes, removed: tuple[str, ...]) -> None:
    """Remove files from a container, then unpack a tar at its root; raises FaultError."""
    if removed and (said := await engine.ask(lambda client: _remove(client, name, removed))):
        raise FaultError(_not_removed(said))
    if tar:
        await engine.ask(lambda client: client.put_archive(name, "/", tar))


def _remove(client: "APIClient", name: str, removed: tuple[str, ...]) -> str:
    """Remove files; return what was said where that failed."""
    begun = client.exec_create(name, ["rm", "-f", "--", *removed], user=ROOT)["Id"]
    with closing_connections(client):
        said = client.exec_start(begun).decode(errors="replace").strip()
    code = client.exec_inspect(begun)["ExitCode"]
    return (said or f"rm ended with code {code}") if code else ""


def _not_removed(said: str) -> Fault:
    return Fault(
        "sync-failed",
        "a deleted file could not be removed from the container",
        evidence=tuple(said.splitlines()),
    )
