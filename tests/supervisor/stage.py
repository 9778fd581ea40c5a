"""A stage for a supervisor: a state folder, small apps, and nothing left when the curtain falls."""

import asyncio
import contextlib
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from tests.keeping import SERVER, Kept
from tui.clients.process.spool import Position, SpoolReader
from tui.clients.process.supervisor import SupervisorClient
from tui.model.loglines import LogRecord
from tui.supervisor.places import environment_id, socket_path
from tui.supervisor.protocol import App
from tui.supervisor.strays import MARKER, end_strays

PATIENCE = 20.0


class Stage(Kept):
    """One environment's supervisor and the apps it is asked to run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state"
        super().__init__(SupervisorClient(self.state), PATIENCE)

    def app(self, revision: int, text: str = SERVER, **fields: Any) -> App:
        """Return an app that is a Python script."""
        script = self.folder / f"app-{revision}.py"
        script.write_text(text)
        argv = (sys.executable, "-u", str(script))
        return self.command(revision, argv, **fields)

    def command(self, revision: int, argv: tuple[str, ...], **fields: Any) -> App:
        """Return an app that is any command."""
        env = {"SAYS": f"revision {revision}", "PATH": "/usr/bin:/bin", **fields.pop("env", {})}
        fields = {"stop_grace": 2.0, "cwd": str(self.folder), **fields}
        return App(revision, "app", argv, tuple(env.items()), **fields)

    def records(self) -> list[LogRecord]:
        """Return everything in the spool now."""
        reader, position, records = SpoolReader(self.state / "spool"), Position(), []
        while (reading := reader.read(position)).advanced:
            position = reading.position
            records += reading.records
        return records

    def printed(self, *streams: str) -> list[str]:
        """Return the app's own lines."""
        wanted = streams or ("stdout", "stderr")
        return [record.message for record in self.records() if record.stream in wanted]

    async def until_printed(self, wanted: list[str]) -> None:
        """Wait until the app's own lines are these."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while (printed := self.printed()) != wanted:
            assert asyncio.get_running_loop().time() < deadline, printed
            await asyncio.sleep(0.02)

    async def close(self) -> None:
        """End everything."""
        async with asyncio.timeout(PATIENCE):
            await self.client.stop()
        await asyncio.to_thread(end_strays, f"{environment_id(self.state)}/")
        socket_path(self.state).unlink(missing_ok=True)


async def eventually(fits: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not fits():  # noqa: ASYNC110 - whatever is waited for tells no event
            await asyncio.sleep(0.02)


async def get(url: str) -> str:
    """Ask once, on a connection of its own, and return the body."""

    def ask() -> str:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return str(answer.read().decode())

    return await asyncio.to_thread(ask)


def processes_of(stage: Stage) -> list[psutil.Process]:
    """Return the living processes with this environment's marker."""
    marker = f"{environment_id(stage.state)}/"
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(MARKER, "").startswith(marker):
                found.append(process)
    return found
