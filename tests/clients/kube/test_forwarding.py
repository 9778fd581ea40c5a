"""Connections whose two sides end at different times; a real pod is reached in the integration."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from tests.clients.kube.scripted import Pod
from tui.clients.kube.channels import DATA
from tui.clients.kube.forwarding import Forwarder
from tui.clients.kube.session import KubeSession

PIECES = 10


@pytest.fixture
async def failures() -> list[Any]:
    """Return what asyncio would have printed."""
    found: list[Any] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: found.append(context))
    return found


@asynccontextmanager
async def client_of(
    pod: Pod,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect to the pod by a forwarded port."""
    forwarder = Forwarder(cast("KubeSession", pod), "shop", 8080, lambda: "web", lambda text: None)
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
    monkeypatch.setattr("tui.clients.kube.forwarding.SILENCE", 0.5)
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
