"""Collecting where the engine refuses: a fault that a real engine cannot be made to show."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, cast

import pytest

from tests.backends.docker.states import state
from tests.cluster import eventually
from tui.backends.docker import collecting
from tui.backends.docker.collecting import Collector
from tui.backends.docker.site import Site
from tui.clients.docker.containers import Containers
from tui.clients.docker.inspecting import ContainerState
from tui.clients.process.supervisor import SupervisorClient
from tui.model.faults import Fault, FaultError
from tui.model.loglines import LogBatch

REFUSAL = Fault("engine-failed", "the engine refused", remedy="look at its own log")
SILENCE = Fault("engine-silent", "the engine does not answer", remedy="start it")


class Refusing:
    """Containers listed as told, the last list again and again; an engine that tells no events."""

    def __init__(self, *lists: tuple[ContainerState, ...] | None) -> None:
        """A list that is None is refused."""
        self.engine = self
        self.inspected = 0
        self._lists = list(lists)

    async def all(self) -> tuple[ContainerState, ...]:
        listed = self._lists.pop(0) if len(self._lists) > 1 else self._lists[0]
        if listed is None:
            raise FaultError(REFUSAL)
        return listed

    async def inspect(self, name: str) -> ContainerState:
        self.inspected += 1
        raise FaultError(REFUSAL)

    async def ask(self, work: Any) -> None:
        raise FaultError(SILENCE)


async def collected(containers: Refusing) -> AsyncGenerator[LogBatch, None]:
    """Collect from these containers, after all that was there before."""
    site = Site(cast(Containers, containers), "env")
    batches = Collector(site, cast(SupervisorClient, None), {}).collect()
    assert await anext(batches) == LogBatch("", "", ())
    return batches


@pytest.mark.timeout(20)
async def test_a_refusal_to_list_containers_is_raised() -> None:
    batches = await collected(Refusing((), None))
    with pytest.raises(FaultError) as raised:
        await anext(batches)
    assert raised.value.fault == REFUSAL


@pytest.mark.timeout(20)
async def test_a_log_that_is_refused_says_so_once_and_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(collecting, "RARELY", 0.01)
    containers = Refusing((), (state(),))
    async with aclosing(await collected(containers)) as batches:
        (record,) = (await anext(batches)).records
        assert (record.stream, record.message) == (
            "marker",
            "this log cannot be read: the engine refused",
        )
        again = asyncio.ensure_future(anext(batches))
        await eventually(lambda: containers.inspected > 3)
        assert not again.done()
        again.cancel()
        await asyncio.gather(again, return_exceptions=True)
