import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from tests.cluster import eventually, pod
from tui.clients.kube.executing import execute
from tui.clients.kube.session import KubeSession
from tui.model.faults import FaultError
from tui.ports.running import CommandEnd

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]


@pytest.fixture
async def running(session: KubeSession, namespace: str) -> str:
    pods = f"/api/v1/namespaces/{namespace}/pods"
    await session.post(pods, body=pod("one", "sleep 600"))

    async def is_running() -> object:
        return (await session.get(f"{pods}/one"))["status"].get("phase") == "Running"

    await eventually(is_running)
    return "one"


class Command:
    """A shell command run in the pod."""

    def __init__(self, session: KubeSession, namespace: str) -> None:
        self._session = session
        self._namespace = namespace
        self.lines: list[str] = []

    async def run(self, script: str) -> CommandEnd:
        argv = ("sh", "-c", script)
        return await execute(self._session, self._namespace, "one", "main", argv, self.lines.extend)


async def test_lines_of_both_streams_and_the_exit_code_are_told(
    session: KubeSession, namespace: str, running: str
) -> None:
    command = Command(session, namespace)
    end = await command.run("echo one; echo two >&2; printf three; exit 7")
    assert end.code == 7
    assert sorted(command.lines) == ["one", "three", "two"]
    assert sorted(end.last_lines) == sorted(command.lines)


async def test_only_the_last_lines_are_kept_of_many(
    session: KubeSession, namespace: str, running: str
) -> None:
    command = Command(session, namespace)
    end = await command.run("seq 20000")
    assert command.lines == [str(number) for number in range(1, 20001)]
    assert end.last_lines == tuple(command.lines[-30:])


async def test_a_cancelled_command_leaves_nothing_running(
    session: KubeSession, namespace: str, running: str
) -> None:
    command = Command(session, namespace)
    task = asyncio.create_task(command.run("echo begun; sleep 12345 & sleep 12345"))
    await eventually(lambda: command.lines == ["begun"])
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    looking = Command(session, namespace)
    await looking.run("for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline; echo; done")
    assert not [line for line in looking.lines if line.startswith("sleep 12345")]


class Opening:
    """A session that tells when a command was begun, of which nothing was heard yet."""

    def __init__(self, session: KubeSession) -> None:
        self.opened = asyncio.Event()
        self._session = session

    @asynccontextmanager
    async def websocket(self, path: str, query: Any) -> AsyncIterator[Any]:
        async with self._session.websocket(path, query) as websocket:
            self.opened.set()
            yield websocket


async def test_a_command_that_is_cancelled_as_it_begins_leaves_nothing_running(
    session: KubeSession, namespace: str, running: str
) -> None:
    opening = Opening(session)
    task = asyncio.create_task(Command(cast(KubeSession, opening), namespace).run("sleep 23456"))
    await opening.opened.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    looking = Command(session, namespace)
    await looking.run("for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline; echo; done")
    assert "sleep 600 " in looking.lines
    assert not [line for line in looking.lines if "23456" in line]


async def test_a_pod_that_is_gone_is_told(session: KubeSession, namespace: str) -> None:
    with pytest.raises(FaultError) as raised:
        await Command(session, namespace).run("true")
    assert raised.value.fault.code == "api-not-found"
