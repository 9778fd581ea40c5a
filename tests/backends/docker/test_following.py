"""A container that begins anew between two calls; real ones are followed in tests/integration."""

from collections.abc import AsyncGenerator
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


class Anew:
    """Containers of which one has begun anew by the time it is inspected."""

    engine = None

    async def inspect(self, name: str) -> ContainerState:
        return state(restarts=1, started=20 * NANO, finished=19 * NANO)


async def both_said(*_: object, **__: object) -> AsyncGenerator[list[LogFrame], None]:
    yield [LogFrame(2 * NANO, "stdout", b"first\n"), LogFrame(21 * NANO, "stdout", b"second\n")]


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
