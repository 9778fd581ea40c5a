"""A command that is left twice; in a real container commands run in the integration."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest

from tests.clients.kube.scripted import Pod
from tests.cluster import eventually
from tui.clients.kube.channels import STDOUT
from tui.clients.kube.executing import execute
from tui.clients.kube.session import KubeSession


class Container:
    """A session that opens a websocket for each command in one container."""

    def __init__(self) -> None:
        self.begun: list[tuple[list[str], Pod]] = []
        self.open = 0

    @asynccontextmanager
    async def websocket(self, path: str, query: list[tuple[str, str]]) -> AsyncIterator[Pod]:
        command = Pod()
        command.says = asyncio.Queue()
        self.begun.append(([value for key, value in query if key == "command"], command))
        self.open += 1
        try:
            yield command
        finally:
            self.open -= 1


@pytest.mark.timeout(30)
async def test_a_command_that_is_cancelled_again_while_it_is_killed_leaves_nothing_behind() -> None:
    container, lines = Container(), list[str]()
    session = cast(KubeSession, container)
    command = asyncio.create_task(
        execute(session, "shop", "web-1", "main", ("sleep", "600"), lines.extend)
    )
    await eventually(lambda: container.begun)
    container.begun[0][1].say(STDOUT, b"17\n")
    await eventually(container.begun[0][1].says.empty)
    command.cancel()
    await eventually(lambda: len(container.begun) > 1)
    command.cancel()
    await asyncio.sleep(0)
    container.begun[1][1].end()
    with pytest.raises(asyncio.CancelledError):
        await command
    assert container.begun[1][0][-1] == "17"
    assert not container.open
    assert asyncio.all_tasks() == {asyncio.current_task()}
