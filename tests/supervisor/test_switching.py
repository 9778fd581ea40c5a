"""The stable port while revisions come and go under it."""

import asyncio
import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlsplit

import pytest

from tests.keeping import SERVER
from tests.supervisor.stage import Stage, eventually, get, processes_of
from tui.model.faults import FaultError

ECHO = """
import os, socketserver
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        received = b""
        while chunk := self.request.recv(65536):
            received += chunk
        self.request.sendall(received)
class Server(socketserver.ThreadingTCPServer):
    request_queue_size = 128
    daemon_threads = True
Server(("127.0.0.1", int(os.environ["PORT"])), Echo).serve_forever()
"""
SLOW = SERVER.replace("body =", "import time; print('asked'); time.sleep(1.5); body =")


class Hammer:
    """Asks without a pause from several threads and keeps every answer and failure."""

    def __init__(self, url: str, *, keep_alive: bool) -> None:
        self.answers: list[str] = []
        self.failures: list[str] = []
        self._address = urlsplit(url).netloc
        self._keep_alive = keep_alive
        self._stop = threading.Event()

    def hears(self, answer: str) -> bool:
        """Whether that was among the last answers."""
        return answer in self.answers[-20:]

    @contextmanager
    def striking(self, threads: int) -> Iterator[None]:
        """Ask while the `with` lasts."""
        working = [threading.Thread(target=self._work) for _ in range(threads)]
        for thread in working:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in working:
                thread.join()

    def _work(self) -> None:
        connection = http.client.HTTPConnection(self._address, timeout=20)
        while not self._stop.is_set():
            try:
                connection.request("GET", "/")
                self.answers.append(connection.getresponse().read().decode())
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
            if not self._keep_alive:
                connection.close()
        connection.close()


@pytest.mark.parametrize("keep_alive", [False, True])
async def test_no_request_fails_while_ten_revisions_follow_each_other(
    stage: Stage, keep_alive: bool
) -> None:
    await stage.apply(stage.app(1, replicas=2))
    rollout = await stage.until_serving(1)
    hammer = Hammer(rollout.url, keep_alive=keep_alive)
    with hammer.striking(threads=4):
        for revision in range(2, 12):
            await stage.apply(stage.app(revision, replicas=2))
            await stage.until_serving(revision)
            await eventually(partial(hammer.hears, f"revision {revision}"))
    assert hammer.failures == []
    assert set(hammer.answers) == {f"revision {n}" for n in range(1, 12)}
    assert (await stage.until_serving(11)).url == rollout.url


async def test_a_kept_connection_reaches_the_new_revision(stage: Stage) -> None:
    await stage.apply(stage.app(1))
    rollout = await stage.until_serving(1)
    connection = http.client.HTTPConnection(urlsplit(rollout.url).netloc, timeout=20)

    def ask() -> str:
        connection.request("GET", "/")
        return connection.getresponse().read().decode()

    assert await asyncio.to_thread(ask) == "revision 1"
    kept = connection.sock
    await stage.apply(stage.app(2))
    await stage.until_serving(2)
    assert await asyncio.to_thread(ask) == "revision 2"
    assert connection.sock is kept
    connection.close()


async def test_an_answer_under_way_is_given_to_its_end(stage: Stage) -> None:
    await stage.apply(stage.app(1, SLOW))
    rollout = await stage.until_serving(1)
    asked = asyncio.create_task(get(rollout.url))
    await stage.until_printed(["asked"])
    await stage.apply(stage.app(2))
    await stage.until_serving(2)
    assert await get(rollout.url) == "revision 2"
    assert await asked == "revision 1"


async def test_a_connection_is_held_until_the_first_revision_is_ready(stage: Stage) -> None:
    go_on = stage.folder / "go-on"
    wait = f"import os, time\nwhile not os.path.exists({str(go_on)!r}): time.sleep(0.02)\n"
    await stage.apply(stage.app(1, wait + SERVER))
    rollout = await stage.until(lambda r: bool(r.url))
    assert rollout.serving == 0
    asked = asyncio.create_task(get(rollout.url))
    go_on.touch()
    assert await asked == "revision 1"


async def test_a_connection_is_held_while_the_only_replica_restarts(stage: Stage) -> None:
    await stage.apply(stage.app(1))
    rollout = await stage.until_serving(1)
    processes_of(stage)[0].kill()
    await stage.until_serving(0)
    assert await get(rollout.url) == "revision 1"


async def test_replicas_are_asked_in_turn(stage: Stage) -> None:
    server = SERVER.replace('os.environ["SAYS"]', "str(os.getpid())")
    await stage.apply(stage.app(1, server, replicas=2))
    rollout = await stage.until_serving(1)
    answers = [await get(rollout.url) for _ in range(6)]
    assert sorted(map(answers.count, set(answers))) == [3, 3]


async def test_the_old_revision_serves_while_the_new_one_crashes(stage: Stage) -> None:
    await stage.apply(stage.app(1))
    await stage.until_serving(1)
    await stage.apply(stage.app(2, "import sys; sys.exit(3)"))
    rollout = await stage.until(lambda r: r.revision == 2 and r.pods[0].restarts == 1)
    assert rollout.serving == 1
    assert await get(rollout.url) == "revision 1"


async def test_a_newer_revision_takes_the_place_of_one_that_never_came_up(stage: Stage) -> None:
    await stage.apply(stage.app(1))
    await stage.apply(stage.app(2, "import sys; sys.exit(3)"))
    await stage.apply(stage.app(3))
    rollout = await stage.until(lambda r: r.serving == 3 and len(r.pods) == 1)
    assert await get(rollout.url) == "revision 3"


async def test_an_older_revision_is_asked_for_too_late(stage: Stage) -> None:
    older = stage.app(1, port=free_ports(1)[0])
    await stage.apply(older)
    await stage.until_serving(1)
    await stage.apply(stage.app(2, "import sys; sys.exit(3)"))
    before = await stage.until(lambda r: r.revision == 2)
    await stage.apply(older)
    await stage.apply(stage.app(1))
    after = await stage.client.picture()
    assert (after.revision, after.serving, after.url) == (2, 1, before.url)


async def test_the_end_of_one_direction_is_passed_on(stage: Stage) -> None:
    await stage.apply(stage.app(1, ECHO))
    rollout = await stage.until_serving(1)
    sent = bytes(range(256)) * 40_000

    async def echo() -> bytes:
        host, _, port = urlsplit(rollout.url).netloc.partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(sent)
        writer.write_eof()
        received = await reader.read()
        writer.close()
        await writer.wait_closed()
        return received

    assert set(await asyncio.gather(echo(), echo(), echo())) == {sent}


async def test_a_port_taken_by_someone_else_is_named_with_its_holder(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(FaultError) as raised:
            await stage.apply(stage.app(1, port=port))
    fault = raised.value.fault
    assert fault.code == "port-taken"
    assert f"port {port} is taken by " in fault.sentence
    assert "`port`" in fault.remedy
    assert processes_of(stage) == []


async def test_the_stable_port_can_be_chosen_and_changed(stage: Stage) -> None:
    first, second = free_ports(2)
    await stage.apply(stage.app(1, port=first))
    assert (await stage.until_serving(1)).url.endswith(f":{first}")
    await stage.apply(stage.app(2, port=second))
    rollout = await stage.until_serving(2)
    assert rollout.url.endswith(f":{second}")
    assert await get(rollout.url) == "revision 2"


def free_ports(count: int) -> list[int]:
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in taken]
    for server in taken:
        server.close()
    return ports
