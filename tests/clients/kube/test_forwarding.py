"""Connections whose two sides end at different times; a real pod is reached in the integration."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from tests.clients.kube.scripted import Pod
from tui.clients.kube.channels import DATA
from tui.clients.kube.forwarding import Forwarder, Pick
from tui.clients.kube.session import KubeSession
from tui.model.faults import Fault, FaultError

PIECES = 10
REQUEST = b"GET / HTTP/1.1\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Pods(dict[str, Pod]):
    """Two pods, the old one of which is to be reached at first."""

    def __init__(self) -> None:
        super().__init__(old=Pod(), new=Pod())
        self.wanted = "old"

    def pick(self) -> str | None:
        return self.wanted

    @asynccontextmanager
    async def websocket(self, path: str, query: Mapping[str, str]) -> AsyncIterator[Pod]:
        yield self[path.split("/")[-2]]


@pytest.fixture
async def failures() -> list[Any]:
    """Return what asyncio would have printed."""
    found: list[Any] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: found.append(context))
    return found


@asynccontextmanager
async def client_of(
    pod: "Pod | Pods", pick: Pick = lambda: "web"
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect to the pod by a forwarded port."""
    forwarder = Forwarder(cast("KubeSession", pod), "shop", 8080, pick, lambda text: None)
    await forwarder.open(0)
    reader, writer = await asyncio.open_connection("127.0.0.1", forwarder.local)
    try:
        yield reader, writer
    finally:
        writer.close()
        await forwarder.close()


@pytest.mark.timeout(30)
async def test_a_pod_that_ends_ends_the_connection_and_nothing_is_printed(
    failures: list[Any],
) -> None:
    pod = Pod()
    async with client_of(pod) as (reader, writer):
        writer.write(b"GET / HT")
        assert await pod.heard.get() == b"GET / HT"
        pod.end()
        assert await reader.read() == b""
    assert not failures


@pytest.mark.timeout(30)
async def test_an_answer_is_carried_while_it_goes_on_after_the_client_ended_its_side(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.clients.kube.carrying.SILENCE", 0.5)
    pod = Pod()

    async def answer() -> None:
        for _ in range(PIECES):
            await asyncio.sleep(0.1)
            pod.say(DATA, b"piece")

    async with client_of(pod) as (reader, writer), asyncio.TaskGroup() as group:
        writer.write(b"GET /")
        writer.write_eof()
        assert await pod.heard.get() == b"GET /"
        group.create_task(answer())
        assert await reader.read() == b"piece" * PIECES  # it ends by its silence


async def exchange(
    pod: Pod, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, question: bytes
) -> None:
    """Have a client ask this pod, and hear its answer."""
    writer.write(question)
    assert await pod.heard.get() == question
    pod.say(DATA, ANSWER)
    assert await reader.readexactly(len(ANSWER)) == ANSWER


@pytest.mark.timeout(30)
async def test_the_next_request_of_a_kept_connection_goes_to_the_pod_to_be_reached_now() -> None:
    pods = Pods()
    async with client_of(pods, pods.pick) as (reader, writer):
        await exchange(pods["old"], reader, writer, REQUEST)
        pods.wanted = "new"
        await exchange(pods["new"], reader, writer, REQUEST)
        await exchange(pods["new"], reader, writer, REQUEST)


@pytest.mark.timeout(30)
async def test_the_rest_of_a_request_stays_with_the_pod_that_got_its_beginning() -> None:
    pods = Pods()
    async with client_of(pods, pods.pick) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\n")
        assert await pods["old"].heard.get() == b"POST / HTTP/1.1\r\n"
        pods.wanted = "new"
        await exchange(pods["old"], reader, writer, REQUEST)  # its body might look like that


@pytest.mark.timeout(30)
@pytest.mark.parametrize("question", [b"\x16\x03\x01", b"SELECT 1;\n", b"GET /slow"])
async def test_what_is_no_request_stays_with_its_pod(question: bytes) -> None:
    pods = Pods()
    async with client_of(pods, pods.pick) as (reader, writer):
        await exchange(pods["old"], reader, writer, REQUEST)
        pods.wanted = "new"
        await exchange(pods["old"], reader, writer, question)


@pytest.mark.timeout(30)
@pytest.mark.parametrize("gone", ["", "deleted"])
async def test_while_no_pod_is_to_be_reached_the_present_one_may_answer(gone: str) -> None:
    pods = Pods()

    def pick() -> str | None:
        if pods.wanted == "deleted":
            raise FaultError(Fault("nothing-released", "nothing is released"))
        return pods.wanted or None

    async with client_of(pods, pick) as (reader, writer):
        await exchange(pods["old"], reader, writer, REQUEST)
        pods.wanted = gone
        await exchange(pods["old"], reader, writer, REQUEST)
