"""Settling: what became of releases whose redraft died, or lost its way, before their verdict.

The newest one may still be rolling out: its verdict is waited for, without the lock, so that a new
iteration need not wait with it. That one settles what it finds by itself. So are releases settled
whose iteration ended with the deploy (`wait = false`).
"""

import asyncio
from dataclasses import replace

from tui.engine.bus import Bus
from tui.engine.following import observed
from tui.engine.judging import is_from_before, shows_same
from tui.engine.recording import record
from tui.model import events as e
from tui.model.frozen import frozen
from tui.model.releases import Release
from tui.model.rollouts import Rollout, Verdict
from tui.model.state import State
from tui.ports.backend import Backend
from tui.ports.locking import Lock

LOOK = 0.5
"""Seconds between two looks whether another redraft has done with the environment."""


@frozen
class Settler:
    """Settles one environment's releases while redraft is open."""

    backend: Backend
    bus: Bus
    lock: Lock

    async def settle(self) -> None:
        """Give pending releases their outcome once that can be told.

        While another redraft deploys they are its own to settle.
        """
        await self.bus.until(may_settle)
        if not pending(self.bus.state):
            return
        await self._settle_locked()
        # what went on behind a redraft that died was asked for after all
        if pending(self.bus.state):
            seen = self.bus.state.rollout
            await self.bus.until(lambda state: state.rollout is not seen and may_settle(state))
            await self._settle_locked()

    async def settle_cut(self) -> None:
        """Give the release of an iteration that was cut its outcome, if it came to have one.

        Its deploy may have been cut before it was told.
        """
        await self._newest()
        await self.settle()

    async def settle_once_seen(self, revision: int, before: Rollout | None) -> None:
        """Give a release its outcome that nobody waited for, once its rollout is seen and decided.

        What was seen `before` its deploy is not its rollout, though its number may be higher:
        numbers begin anew where a namespace was deleted. Nor is what was seen while it was only
        begun.
        """

        def seen(state: State) -> bool:
            rollout = state.rollout
            if rollout is None or shows_same(rollout, before):
                return False
            return rollout.revision > revision or (
                rollout.revision == revision and not rollout.begun
            )

        await self.bus.until(seen)
        await self.settle()

    async def _settle_locked(self) -> None:
        """Settle by a picture that is as new as the history, waited for before the lock is taken.

        An `up` waits for the lock.
        """
        seen = await self._newest()
        await observed(self.bus, seen)
        while not self.lock.acquire():  # noqa: ASYNC110 - a file that another process lets go of
            await asyncio.sleep(LOOK)
        try:
            if (newest := await self._newest()) != seen:
                await observed(self.bus, newest)
            await settle_pending(self.backend, self.bus)
        finally:
            self.lock.release()

    async def _newest(self) -> Release | None:
        """Load the history and return its newest release."""
        releases = await self.backend.releases()
        self.bus.publish(e.HistoryLoaded(releases))
        return releases[-1] if releases else None


async def settle_pending(backend: Backend, bus: Bus, *, over: bool = False) -> None:
    """Record what became of pending releases, by what is seen now; under the lock.

    One whose rollout goes on is left alone unless it is `over`: something else is about to be
    deployed. Then one that proves to have been asked for behind a redraft that died, and stays
    pending for that, is recorded once more.
    """
    await _record(
        backend, bus, [r for r in pending(bus.state) if over or not goes_on(r, bus.state)]
    )
    if over:
        await _record(backend, bus, pending(bus.state))


async def _record(backend: Backend, bus: Bus, left: list[Release]) -> None:
    rollout = bus.state.rollout
    if not left or rollout is None or not tells(rollout, bus.state):
        return
    for release in left:
        told = settled(release, rollout, bus.state.verdict)
        await record(backend, told)
    bus.publish(e.HistoryLoaded(await backend.releases()))


def pending(state: State) -> list[Release]:
    """Return the releases that have no outcome."""
    return [release for release in state.releases if release.outcome == "pending"]


def may_settle(state: State) -> bool:
    """Whether it can be told what became of all releases: the newest one may be rolling out."""
    if state.rollout is None or not tells(state.rollout, state):
        return False
    return not any(goes_on(release, state) for release in pending(state))


def tells(rollout: Rollout, state: State) -> bool:
    """Whether a picture tells what became of releases: it is no older than the newest of them."""
    from_before = state.releases and is_from_before(rollout, state.releases[-1])
    return not rollout.lost_since and not from_before


def goes_on(release: Release, state: State) -> bool:
    """Whether a release is rolling out now: it may still come to serve."""
    rollout = state.rollout
    if rollout is None or rollout.serving == release.revision:
        return False
    asked = rollout.revision == release.revision and not rollout.begun
    return asked and state.verdict.outcome == "progressing"


def settled(release: Release, rollout: Rollout, verdict: Verdict) -> Release:
    """Return the release with the outcome that can be told afterwards."""
    if rollout.serving == release.revision:
        return replace(release, outcome="ready")
    if rollout.revision == release.revision and verdict.outcome == "failed":
        return replace(release, outcome="failed", cause=verdict.cause)
    return replace(release, outcome="interrupted")
