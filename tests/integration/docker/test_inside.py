"""Commands and shells inside a container on a real engine."""

import asyncio
import os
import pty
import select
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.integration.docker.stage import Stage
from tests.testbed import docker
from tui.backends.docker.executing import execute
from tui.clients.docker.engine import Engine
from tui.clients.docker.executing import Execution
from tui.clients.docker.shell import run_shell
from tui.model.faults import FaultError
from tui.ports.capabilities import Terminal

pytestmark = pytest.mark.integration


@pytest.fixture
async def name(stage: Stage) -> str:
    await stage.apply(stage.app(1, env={"WHO": "me"}))
    await stage.until_serving(1)
    (name,) = stage.names()
    return name


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    engine = Engine()
    yield engine
    engine.close()


async def test_a_command_tells_its_lines_and_its_end(engine: Engine, name: str) -> None:
    told: list[str] = []
    argv = ("sh", "-c", "echo for $WHO; echo 1 >&2; printf unfinished; exit 3")
    end = await execute(Execution(engine, name, argv), told.extend)
    assert sorted(told) == ["1", "for me", "unfinished"]
    assert (end.code, set(end.last_lines)) == (3, set(told))


async def test_a_command_that_is_cancelled_leaves_nothing_running(
    engine: Engine, name: str
) -> None:
    told: list[str] = []
    argv = ("sh", "-c", "sleep 4711 & echo begun; sleep 4712")
    running = asyncio.create_task(execute(Execution(engine, name, argv), told.extend))
    async with asyncio.timeout(30):
        while not told:  # noqa: ASYNC110 - a list tells no event
            await asyncio.sleep(0.05)
    assert "4712" in docker("top", name)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert "471" not in docker("top", name)


class Held(Execution):
    """A command that has begun, of which nothing is heard until that is let through."""

    def __init__(self, engine: Engine, name: str, argv: tuple[str, ...]) -> None:
        super().__init__(engine, name, argv)
        self.begun, self.let_through = threading.Event(), threading.Event()

    def _begin(self, client: Any) -> Iterator[tuple[bytes | None, bytes | None]]:
        for chunk in super()._begin(client):
            self.begun.set()
            assert self.let_through.wait(20)
            yield chunk


async def test_a_command_that_is_cancelled_as_it_begins_leaves_nothing_running(
    engine: Engine, name: str
) -> None:
    held = Held(engine, name, ("sleep", "4713"))
    running = asyncio.create_task(execute(held, lambda lines: None))
    await asyncio.to_thread(held.begun.wait, 20)
    running.cancel()
    await asyncio.wait((running,), timeout=0.3)
    held.let_through.set()
    await asyncio.gather(running, return_exceptions=True)
    assert "4713" not in docker("top", name)


async def test_a_container_that_is_gone_is_told(engine: Engine, name: str) -> None:
    with pytest.raises(FaultError):
        await execute(Execution(engine, f"no-{name}", ("true",)), lambda lines: None)


async def test_a_shell_runs_on_the_terminal_with_its_size(engine: Engine, name: str) -> None:
    ours, theirs = pty.openpty()
    try:
        terminal = Terminal(theirs, theirs)
        shell = asyncio.create_task(run_shell(engine, name, terminal))
        os.write(ours, b"echo for $WHO in $((40 + 2)); exit 5\n")
        assert await shell == 5
        said = b""
        while b"for me in 42" not in said:  # a terminal gives what was written in pieces
            assert select.select([ours], [], [], 10)[0], said
            said += os.read(ours, 65_536)
    finally:
        os.close(ours)
        os.close(theirs)


async def test_a_container_without_a_shell_is_told(engine: Engine) -> None:
    made = docker("run", "--detach", "--rm", "--env=PATH=/", "busybox", "/bin/sleep", "600")
    ours, theirs = pty.openpty()
    try:
        with pytest.raises(FaultError) as caught:
            await run_shell(engine, made.strip(), Terminal(theirs, theirs))
        assert caught.value.fault.code == "shell-missing"
    finally:
        os.close(ours)
        os.close(theirs)
        docker("rm", "--force", made.strip())
