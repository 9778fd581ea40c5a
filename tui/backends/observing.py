"""Observing: what the supervisor runs, through its restarts."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

from tui.backends.history import E, History
from tui.clients.process.conversing import SupervisorLostError
from tui.clients.process.supervisor import SupervisorClient
from tui.model.faults import FaultError
from tui.model.rollouts import Rollout
from tui.supervisor.protocol import App
from tui.supervisor.record import last_served, read_record

log = logging.getLogger("redraft.backends")

LOOK = 0.5
"""Seconds between two looks for a supervisor while there is none."""
SERVES_AGAIN = 15.0
"""Seconds the release that served last may take before the one asked for after it is started."""


async def observe(
    supervisor: SupervisorClient, state: Path, history: History[E], appeared: asyncio.Event
) -> AsyncGenerator[Rollout, None]:
    """Yield what runs now and at each change, until cancelled; an empty picture while none does.

    Raises FaultError when a supervisor that died cannot be brought back.
    """
    while True:
        with contextlib.suppress(SupervisorLostError):
            async with contextlib.aclosing(supervisor.watch()) as pictures:
                async for rollout in pictures:
                    history.running(rollout.revision)
                    yield rollout
        if read_record(state) is None:
            yield Rollout(0)
            async for lost in _until_there(supervisor, state, history, appeared):
                if lost:
                    yield Rollout(0, deleted=True)
        else:
            await restore(supervisor, state, history)
        if await asyncio.to_thread(history.lost):  # and brought up again before it was missed
            yield Rollout(0, deleted=True)


async def restore(supervisor: SupervisorClient, state: Path, history: History[E]) -> None:
    """Start a supervisor in place of one that died, and what it had been asked to run."""
    served = last_served(state)
    entries = await asyncio.to_thread(history.entries)
    wanted = entries_to_restore(entries, served)
    with contextlib.suppress(SupervisorLostError):
        await supervisor.ensure()
        for before, entry in zip([0, served], wanted, strict=False):
            await _until_serving(supervisor, before)
            if entry.app is not None:
                await _apply(supervisor, entry.app)


def entries_to_restore(entries: Sequence[E], served: int) -> list[E]:
    """Return the release that served last and, after it, one whose rollout was still open."""
    serving = [entry for entry in entries if entry.release.revision == served]
    newest = entries[-1:]
    pending = [e for e in newest if e.release.outcome == "pending" and e not in serving]
    return [*serving, *pending]


async def _apply(supervisor: SupervisorClient, app: App) -> None:
    """Have it run; what stands in its way now (a taken port) is told by the next deploy."""
    try:
        await supervisor.apply(app)
    except FaultError as error:
        log.warning("revision %d is not started again: %s", app.revision, error.fault.sentence)


async def _until_serving(supervisor: SupervisorClient, revision: int) -> None:
    """Wait until this revision serves, if it does so soon; not at all for 0."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SERVES_AGAIN), contextlib.aclosing(supervisor.watch()) as seen:
            async for rollout in seen:
                if rollout.serving == revision or not revision:
                    return


async def _until_there(
    supervisor: SupervisorClient, state: Path, history: History[E], appeared: asyncio.Event
) -> AsyncGenerator[bool, None]:
    """Yield, until there is a supervisor again, whether the history was lost: by a deletion."""
    while read_record(state) is None and not await supervisor.answers():
        yield await asyncio.to_thread(history.lost)
        await supervisor_wanted(appeared, LOOK)


async def supervisor_wanted(appeared: asyncio.Event, seconds: float) -> None:
    """Wait until this redraft started a supervisor, or for so many seconds."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await appeared.wait()
    appeared.clear()
