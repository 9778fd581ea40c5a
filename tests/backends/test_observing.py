"""Observing what a supervisor runs, by a scripted one."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

from tests.backends.test_history import release
from tui.backends.history import Entry, History
from tui.backends.observing import observe
from tui.clients.process.conversing import SupervisorLostError
from tui.clients.process.supervisor import SupervisorClient
from tui.model.rollouts import Rollout

GONE = Rollout(0, deleted=True)


class Scripted(SupervisorClient):
    """Runs one revision after the other; each supervisor ends before the next."""

    def __init__(self, state: Path, revisions: list[int], between: Callable[[], None]) -> None:
        super().__init__(state)
        self._revisions = revisions
        self._between = between

    async def answers(self) -> bool:
        return bool(self._revisions)

    async def watch(self) -> AsyncGenerator[Rollout, None]:
        yield Rollout(self._revisions.pop(0))
        self._between()
        raise SupervisorLostError


async def seen(state: Path, history: History[Entry], supervisor: Scripted, n: int) -> list[Rollout]:
    """Return the first pictures."""
    pictures: list[Rollout] = []
    async with contextlib.aclosing(
        observe(supervisor, state, history, asyncio.Event())
    ) as observed:
        async for rollout in observed:
            pictures.append(rollout)
            if len(pictures) == n:
                break
    return pictures


async def test_a_deletion_is_noticed_where_the_next_supervisor_is_there_already(
    tmp_path: Path,
) -> None:
    history, theirs = History(tmp_path, Entry), History(tmp_path, Entry)
    history.write(Entry(release(15)))

    def deleted_and_brought_up() -> None:
        theirs.forget([15])
        theirs.write(Entry(release(1)))

    supervisor = Scripted(tmp_path, [15, 1], deleted_and_brought_up)
    pictures = await seen(tmp_path, history, supervisor, 4)
    assert pictures == [Rollout(15), Rollout(0), GONE, Rollout(1)]
