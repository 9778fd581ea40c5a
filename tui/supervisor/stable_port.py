"""The stable port: one address on 127.0.0.1 that stays while revisions come and go.

It listens from the first apply on and is never closed in between: connections that come while
nothing serves are held by the proxy. A port chosen by us is kept in the state folder and taken
again after a restart.
"""

import asyncio
import errno
import os
import socket
from pathlib import Path

from tui.model.faults import Fault, FaultError
from tui.supervisor.listening import holder_of
from tui.supervisor.proxy import Link
from tui.supervisor.routing import Router

BACKLOG = 4096


class StablePort:
    """Listens for the router."""

    def __init__(self, kept: Path, router: Router) -> None:
        self._kept = kept
        self.router = router
        self._server: asyncio.Server | None = None
        self.port = 0
        """Where it listens, 0 while it does not."""

    async def listen(self, wanted: int) -> None:
        """Listen on `wanted`, on the kept port when that is 0; raises FaultError.

        Stays where it is when it listens there, or anywhere and `wanted` is 0.
        """
        if self.port and wanted in (0, self.port):
            return
        try:
            listening = _bind(wanted) if wanted else self._bind_kept()
        except OSError as error:
            raise FaultError(await _port_fault(wanted, error)) from error
        self.close()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Link(self.router).client, sock=listening, backlog=BACKLOG
        )
        self.port = int(listening.getsockname()[1])
        if not wanted:
            keep_number(self._kept, self.port)

    def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.port = 0

    def _bind_kept(self) -> socket.socket:
        """Take the kept port again, another one when someone else has it by now."""
        try:
            return _bind(kept_number(self._kept))
        except OSError:
            return _bind(0)


def kept_number(path: Path) -> int:
    """Return the number a file keeps, 0 when it keeps none."""
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return 0


def keep_number(path: Path, number: int) -> None:
    """Write a number to a file at one go."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(str(number))
    fresh.replace(path)


def _bind(port: int) -> socket.socket:
    listening = socket.socket()
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(BACKLOG)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening


async def _port_fault(port: int, error: OSError) -> Fault:
    if error.errno == errno.EACCES:
        return Fault(
            "port-forbidden",
            f"port {port} is not for every user to listen on",
            kind="usage",
            place="draft.toml",
            remedy="choose a `port` above 1023 in draft.toml",
        )
    if error.errno != errno.EADDRINUSE:
        return Fault(
            "port-failed", f"cannot listen on port {port}: {os.strerror(error.errno or 0)}"
        )
    holder = await asyncio.to_thread(holder_of, port)
    return Fault(
        "port-taken",
        f"port {port} is taken by {holder or 'another process'}",
        kind="usage",
        place="draft.toml",
        remedy="choose another `port` in draft.toml, or stop what listens there",
    )
