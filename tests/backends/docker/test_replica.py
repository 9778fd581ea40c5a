"""A replica whose engine is slow; on a real engine replicas are in tests/integration/docker."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any, cast

import pytest

from tui.backends.docker.replica import ContainerReplica
from tui.backends.docker.site import Site
from tui.clients.docker.containers import Containers
from tui.clients.docker.engine import Engine
from tui.supervisor.protocol import App


class SlowClient:
    """An SDK client whose calls of one name wait in their thread until they may go on."""

    def __init__(self, slow: str) -> None:
        self.done: list[str] = []
        self.begun, self.going_on = threading.Event(), threading.Event()
        self._slow = slow

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*_: object, **__: object) -> object:
            if name == self._slow:
                self.begun.set()
                assert self.going_on.wait(20)
            self.done.append(name)
            return {}

        return call


class SlowEngine:
    """Makes calls in threads, as the real one does."""

    rootless = False

    def __init__(self, client: SlowClient) -> None:
        self._client = client

    async def ask(self, work: Callable[[SlowClient], Any]) -> Any:
        return await asyncio.to_thread(work, self._client)


class NewContainers(Containers):
    """Finds no container."""

    async def inspect(self, name: str) -> None:
        return None


@pytest.mark.parametrize("slow", ["create_container", "start"])
async def test_a_replica_is_stopped_after_it_was_made_and_started(slow: str) -> None:
    client = SlowClient(slow)
    site = Site(NewContainers(cast(Engine, SlowEngine(client)), "a=b"), "dev")
    app = App(1, "app", (), (), "", image="busybox", inside=0)
    replica = ContainerReplica(app, 1, site, lambda: None)
    await asyncio.to_thread(client.begun.wait, 20)
    stopping = asyncio.create_task(replica.stop())
    await asyncio.wait((stopping,), timeout=0.3)
    client.going_on.set()
    await stopping
    assert client.done[-2:] == [slow, "stop"]
