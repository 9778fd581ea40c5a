"""A stage for a supervisor: a state folder, small apps, and nothing left when the curtain falls."""

import asyncio
import contextlib
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from tui.clients.process.spool import Position, SpoolReader
from tui.clients.process.supervisor import SupervisorClient
from tui.model.loglines import LogRecord
from tui.model.rollouts import Container, Rollout
from tui.supervisor.places import environment_id, socket_path
from tui.supervisor.protocol import App
from tui.supervisor.strays import MARKER, end_strays

PATIENCE = 20.0

SERVER = """
import http.server, os, signal, sys
class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        body = os.environ["SAYS"].encode()
        self.send_response(int(os.environ.get("STATUS", "200")))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True
Server(("127.0.0.1", int(os.environ["PORT"])), Answer).serve_forever()
"""


class Stage:
    """One environment's supervisor and the apps it is asked to run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state"
        self.client = SupervisorClient(self.state)

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

    async def apply(self, app: App) -> None:
        """Have it run."""
        await self.client.ensure()
        await self.client.apply(app)

    async def until(self, fits: Callable[[Rollout], bool]) -> Rollout:
        """Wait for a picture that fits."""
        seen = Rollout(0)
        try:
            async with asyncio.timeout(PATIENCE):
                async for seen in self.client.watch():
                    if fits(seen):
                        return seen
        except TimeoutError:
            raise AssertionError(f"not seen in time; the last picture was {seen}") from None
        raise AssertionError("the pictures ended")

    async def until_serving(self, revision: int) -> Rollout:
        """Wait until a revision answers on the stable port."""
        return await self.until(lambda rollout: rollout.serving == revision)

    async def until_container(self, fits: Callable[[Container], bool]) -> Container:
        """Wait until the first container of the wanted revision fits."""
        rollout = await self.until(lambda seen: bool(seen.pods) and fits(container_of(seen)))
        return container_of(rollout)

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


def container_of(rollout: Rollout) -> Container:
    """Return the first container of the wanted revision."""
    return next(pod for pod in rollout.pods if pod.revision == rollout.revision).containers[0]


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
