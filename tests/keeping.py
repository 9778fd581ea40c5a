"""What tests of a supervisor and of a keeper of containers share: an app, and seeing it run."""

import asyncio
import contextlib
from collections.abc import Callable

from tui.clients.process.supervisor import SupervisorClient
from tui.model.rollouts import Container, Rollout
from tui.supervisor.protocol import App

SERVER = """
import http.server, os, signal, sys
if os.getpid() == 1:  # in a container: what has no handler there does not reach it
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
Server((os.environ.get("HOST", "127.0.0.1"), int(os.environ["PORT"])), Answer).serve_forever()
"""


class Kept:
    """The apps that one environment's supervisor or keeper is asked to run."""

    def __init__(self, client: SupervisorClient, patience: float) -> None:
        self.client = client
        self._patience = patience

    async def apply(self, app: App) -> None:
        """Have it run."""
        await self.client.ensure()
        await self.client.apply(app)

    async def until(self, fits: Callable[[Rollout], bool]) -> Rollout:
        """Wait until a picture fits."""
        seen = Rollout(0)
        try:
            async with (
                asyncio.timeout(self._patience),
                contextlib.aclosing(self.client.watch()) as watch,
            ):
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


def container_of(rollout: Rollout) -> Container:
    """Return the first container of the wanted revision."""
    return next(pod for pod in rollout.pods if pod.revision == rollout.revision).containers[0]
