"""A container that begins anew between two calls; real ones are followed in tests/integration."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import cast

import pytest

from tests.backends.docker.states import state
from tui.backends.docker import following
from tui.backends.docker.following import Follower
from tui.backends.docker.positions import Position
from tui.backends.docker.site import Site
from tui.clients.docker.containers import Containers
from tui.clients.docker.inspecting import NANO, ContainerState
from tui.clients.docker.logframes import LogFrame
from tui.model.faults import Fault, FaultError


class Anew:
    """Containers of which one has begun anew by the time it is inspected."""

    engine = None

    async def inspect(self, name: str) -> ContainerState:
        return state(restarts=1, started=20 * NANO, finished=19 * NANO)


async def both_said(*_: object, **__: object) -> AsyncGenerator[list[LogFrame], None]:
    yield [LogFrame(2 * NANO, "stdout", b"first\n"), LogFrame(21 * NANO, "stdout", b"second\n")]


class Running:
    """Containers of which one runs on, though the engine does not answer when it is asked once."""

    engine = None

    def __init__(self) -> None:
        self.inspected = 0

    async def inspect(self, name: str) -> ContainerState:
        self.inspected += 1
        if self.inspected == 2:
            raise FaultError(Fault("engine-silent", "the engine does not answer"))
        return state(started=1 * NANO)


async def one_line(
    _: object, __: str, since: int, *, follow: bool
) -> AsyncGenerator[list[LogFrame], None]:
    """A log that goes on whenever it is read anew."""
    yield [LogFrame(since + 10 * NANO, "stdout", b"line\n")]
    await asyncio.get_running_loop().create_future()


async def test_a_container_that_runs_on_is_followed_on_though_its_stream_was_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(following, "read_log", one_line)
    monkeypatch.setattr(following, "LAST_LINES_LAST", 0.01)
    follower = Follower(
        state(started=1 * NANO), Position(), Site(cast(Containers, Running()), "dev")
    )
    said = 0
    async with asyncio.timeout(20), aclosing(follower.follow()) as batches:
        async for batch in batches:
            said += sum(one.message == "line" for one in batch.records)
            if said == 2:
                break


@pytest.mark.parametrize("follow", [False, True])
async def test_lines_are_of_the_incarnation_that_ran_when_the_log_was_opened(
    follow: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "read_log", both_said)
    before = state(started=1 * NANO)
    follower = Follower(before, Position(), Site(cast(Containers, Anew()), "dev"))
    batches = [batch async for batch in follower.read(before, follow=follow)]
    told = [(one.restart, one.message) for batch in batches for one in batch.records[-2:]]
    assert told[-2:] == [(0, "first"), (1, "second")]
