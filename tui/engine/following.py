"""Following what runs: its rollout, judged at each change, and its log lines, collected.

Both streams come from the backend, and begin anew where they end. The verdict also depends on the
clock (a deadline passes without anything happening), so `observe` judges again when the next
deadline is due. Log lines go to the store in batches together with their position; one redraft at
a time collects, told by a lock, and another takes over when it ends.
"""

import asyncio
import contextlib
import time
from functools import partial

from tui.engine.background import Background
from tui.engine.bus import Bus
from tui.engine.judging import is_before_its_deploy
from tui.engine.means import Environs
from tui.engine.persisting import persist
from tui.model import events as e
from tui.model.faults import FaultError
from tui.model.releases import Release
from tui.model.rollouts import Rollout, Verdict
from tui.model.state import State
from tui.model.verdicts import judge
from tui.model.verdicts.scene import WRONG_PORT_AFTER
from tui.ports.backend import Backend
from tui.ports.locking import Lock
from tui.ports.logstore import LogSink

BACKLOG = 200_000
"""Lines queued for the store at which collecting waits for it."""
OPEN = {"progressing", "failed"}
"""Outcomes that the clock alone may change: a deadline passes, a restarted container holds."""
TAKE_OVER = 1.0
"""Seconds between two looks whether the collector's place is free."""
FIRST_SIGHT = 10.0
"""Seconds from opening on in which the first picture comes, also on a busy machine."""
OBSERVATION_PATIENCE = 2.0
"""Seconds to wait for a picture of what runs, and then for one that is new enough."""


def follow(environs: Environs, bus: Bus, background: Background, caught_up: asyncio.Event) -> None:
    """Follow what runs from now on, in the background; for `caught_up` see `collect`."""
    backend = environs.means.backend
    collected = collect(backend, environs.sink, environs.collector_lock, bus, caught_up)
    background.begin("watching the rollout", observe(backend, bus))
    background.begin("judging the rollout", rejudge(bus))
    background.begin("collecting logs", collected)


async def observe(backend: Backend, bus: Bus) -> None:
    """Publish every picture of what runs with the verdict on it, until cancelled."""
    await persist("watching the rollout", partial(_observe, backend, bus), bus)


async def _observe(backend: Backend, bus: Bus) -> None:
    async for rollout in backend.observe():
        if deleted_elsewhere(bus.state, rollout):
            bus.publish(e.EnvironmentDeleted(elsewhere=True))
        news = released_elsewhere(bus.state, rollout)
        publish_verdict(bus, rollout)
        if news:
            with contextlib.suppress(FaultError):  # out of reach again: the next picture tells it
                bus.publish(e.HistoryLoaded(await backend.releases()))


async def observed(bus: Bus, newest: Release | None) -> None:
    """Wait for a picture as new as this release, which another redraft may just have made.

    Not for long: after a crash what runs may be older than what was last asked for.
    """

    def seen(state: State) -> bool:
        if state.rollout is None or newest is None:
            return state.rollout is not None
        as_high = state.rollout.revision >= newest.revision
        return as_high and not is_before_its_deploy(state.rollout, newest)

    first = FIRST_SIGHT - (time.monotonic() - bus.began) if newest else 0.0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(max(first, OBSERVATION_PATIENCE)):
            await bus.until(lambda s: s.rollout)
        async with asyncio.timeout(OBSERVATION_PATIENCE):
            await bus.until(seen)


def released_elsewhere(state: State, rollout: Rollout) -> bool:
    """Whether another redraft released what is wanted now, so that the history lacks it.

    Numbers that go back are those of a history that it began anew.
    """
    if state.iteration is not None and state.iteration.running:
        return False
    known = max((release.revision for release in state.releases), default=0)
    went_back = state.rollout is not None and 0 < rollout.revision < state.rollout.revision
    return went_back or rollout.revision > known


def deleted_elsewhere(state: State, rollout: Rollout) -> bool:
    """Whether another redraft has just deleted what was here."""
    running = state.iteration is not None and state.iteration.running
    there = state.rollout is not None and not state.rollout.deleted and not state.deleted
    return rollout.deleted and there and not running and not state.deleting


def publish_verdict(bus: Bus, rollout: Rollout) -> None:
    """Judge and publish, unless nothing differs from what is known."""
    verdict = judge(rollout, time.time())
    if (rollout, verdict) != (bus.state.rollout, bus.state.verdict):
        bus.publish(e.RolloutObserved(rollout, verdict))


async def rejudge(bus: Bus) -> None:
    """Judge the last picture again while time alone may change the verdict, until cancelled."""
    subscription = bus.subscribe()
    try:
        while True:
            rollout = bus.state.rollout
            if rollout is None or not may_change(rollout, bus.state.verdict):
                await subscription.wait()
                continue
            publish_verdict(bus, rollout)
            await asyncio.sleep(WRONG_PORT_AFTER / 6)
            subscription.drain()
    finally:
        subscription.close()


def may_change(rollout: Rollout, verdict: Verdict) -> bool:
    """Whether time alone may change what is said of a rollout."""
    return verdict.outcome in OPEN or rollout.lost_since > 0


async def collect(
    backend: Backend, sink: LogSink, lock: Lock, bus: Bus, caught_up: asyncio.Event
) -> None:
    """Bring log lines into the store, until cancelled.

    `caught_up` is set once everything captured before now is stored, when another redraft is the
    one that collects, and where a fault says that what is stored is all there is for now.
    """

    async def work() -> None:
        try:
            await _collect_in_turn(backend, sink, lock, caught_up)
        except Exception:
            caught_up.set()
            raise

    await persist("collecting logs", work, bus)


async def _collect_in_turn(
    backend: Backend, sink: LogSink, lock: Lock, caught_up: asyncio.Event
) -> None:
    """Wait for the collector's place and keep it until it is lost: the environment was deleted.

    The lock is given back only when all that was taken is committed: whoever takes it goes on from
    there.
    """
    while not lock.acquire():
        caught_up.set()
        await asyncio.sleep(TAKE_OVER)
    try:
        await _collect(backend, sink, lock, caught_up)
    finally:
        with contextlib.suppress(FaultError):  # lines that cannot be written the store tells
            await sink.flush()
        lock.release()


async def _collect(backend: Backend, sink: LogSink, lock: Lock, caught_up: asyncio.Event) -> None:
    """Bring log lines into the store while the lock is ours; what comes after that is not taken."""
    async with contextlib.aclosing(backend.logs(sink.positions())) as batches:
        async for batch in batches:
            if lock.lost():
                return
            if not batch.records:
                await sink.flush()
                caught_up.set()
                continue
            sink.put(batch)
            while sink.backlog() > BACKLOG:  # noqa: ASYNC110 - the store works in a thread
                await asyncio.sleep(0.01)
