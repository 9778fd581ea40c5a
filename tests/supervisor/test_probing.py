"""Probing what was ready once: real sockets, and once the whole way through the supervisor."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from tests.keeping import SERVER
from tests.supervisor.stage import PATIENCE, Stage, get
from tui.supervisor.launching import free_port
from tui.supervisor.probing import losses, probe

FICKLE = SERVER.replace(
    'int(os.environ.get("STATUS", "200"))', '503 if os.path.exists("sick") else 200'
)


class Fickle:
    """Answers HTTP with a status that the test changes."""

    def __init__(self) -> None:
        self.status = 200
        self.asked = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            self.asked += 1
            writer.write(f"HTTP/1.1 {self.status} X\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()
        writer.close()


@asynccontextmanager
async def probed(port: int, path: str) -> AsyncIterator[AsyncGenerator[str, None]]:
    """Probe as often as can be."""
    async with (
        asyncio.timeout(PATIENCE),
        contextlib.aclosing(losses(partial(probe, port, path), 0.0, 0.0)) as seen,
    ):
        yield seen


async def test_an_http_error_takes_readiness_and_a_good_answer_gives_it_back() -> None:
    app = Fickle()
    async with await asyncio.start_server(app.answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with probed(port, "/healthz") as seen:
            app.status = 500
            assert await anext(seen) == "HTTP 500 from /healthz"
            app.status = 503
            assert await anext(seen) == "HTTP 503 from /healthz"
            app.status = 204
            assert await anext(seen) == ""


async def test_two_failures_are_not_believed() -> None:
    app = Fickle()
    async with await asyncio.start_server(app.answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with probed(port, "/") as seen:
            app.status = 500
            waiting = asyncio.ensure_future(anext(seen))
            while app.asked < 2:  # noqa: ASYNC110 - the probe's own turns
                await asyncio.sleep(0)
            app.status = 200
            while app.asked < 9:  # noqa: ASYNC110 - the probe's own turns
                await asyncio.sleep(0)
            assert not waiting.done()
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)


async def test_a_port_that_was_closed_is_told() -> None:
    port = free_port()
    async with probed(port, "") as seen:
        assert await anext(seen) == f"connection refused on port {port}"


async def test_a_replica_that_falls_ill_is_taken_from_the_stable_port_and_not_restarted(
    stage: Stage, tmp_path: Path
) -> None:
    app = stage.app(1, FICKLE, probe_path="/healthz", replicas=1)
    await stage.apply(app)
    url = (await stage.until_serving(1)).url
    (tmp_path / "sick").touch()
    lost = await stage.until(lambda rollout: rollout.serving == 0)
    container = lost.pods[0].containers[0]
    assert (container.ready, container.running, container.restarts) == (False, True, 0)
    assert container.probe_message == "HTTP 503 from /healthz"
    assert container.first_ready
    (tmp_path / "sick").unlink()
    await stage.until_serving(1)
    assert await get(url) == "revision 1"
    marks = [record.message for record in stage.records() if record.stream == "marker"]
    assert marks[1:] == [
        "app-1-1 is not ready any more: HTTP 503 from /healthz",
        "app-1-1 is ready again",
    ]
