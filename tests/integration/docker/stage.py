"""A stage for a keeper: a state folder, apps in containers, nothing left when the curtain falls."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.testbed import docker
from tui.backends.docker.launching import launch_keeper
from tui.backends.docker.naming import environment_label
from tui.clients.process.supervisor import SupervisorClient
from tui.model.rollouts import Container, Rollout
from tui.supervisor.places import environment_id, socket_path
from tui.supervisor.protocol import App

PATIENCE = 60.0
PYTHON = "python:3.12-slim"
SERVER = """
import http.server, os, signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
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
Server((os.environ.get("HOST", "0.0.0.0"), int(os.environ["PORT"])), Answer).serve_forever()
"""


class Stage:
    """One environment's keeper and the apps it is asked to run."""

    def __init__(self, folder: Path) -> None:
        self.state = folder / "state"
        self.name = f"redraft-test-{secrets.token_hex(4)}"
        self.client = SupervisorClient(self.state, launch_keeper)

    def app(self, revision: int, text: str = SERVER, **fields: Any) -> App:
        """Return an app that is a Python script."""
        return self.command(revision, ("python", "-u", "-c", text), **fields)

    def command(self, revision: int, argv: tuple[str, ...], **fields: Any) -> App:
        """Return an app that is any command of the Python image."""
        env = {"SAYS": f"revision {revision}", "PORT": "8080", **fields.pop("env", {})}
        fields = {"stop_grace": 2.0, "cwd": "", "inside": 8080, "image": PYTHON, **fields}
        return App(revision, self.name, argv, tuple(env.items()), **fields)

    async def apply(self, app: App) -> None:
        """Have it run."""
        await self.client.ensure()
        await self.client.apply(app)

    async def until(self, fits: Callable[[Rollout], bool]) -> Rollout:
        """Wait until a picture fits."""
        seen = Rollout(0)
        try:
            async with asyncio.timeout(PATIENCE), contextlib.aclosing(self.client.watch()) as watch:
                async for seen in watch:
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

    def names(self, *filters: str) -> list[str]:
        """Return the containers the engine has of us."""
        label = environment_label(environment_id(self.state))
        more = [part for one in filters for part in ("--filter", one)]
        listed = docker("ps", "-a", "--filter", f"label={label}", *more, "--format", "{{.Names}}")
        return sorted(listed.split())

    async def close(self) -> None:
        """End everything."""
        async with asyncio.timeout(PATIENCE):
            await self.client.stop()
        for name in self.names():
            docker("rm", "-fv", name)
        socket_path(self.state).unlink(missing_ok=True)


def container_of(rollout: Rollout) -> Container:
    """Return the first container of the wanted revision."""
    return next(pod for pod in rollout.pods if pod.revision == rollout.revision).containers[0]
