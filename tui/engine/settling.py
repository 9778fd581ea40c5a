"""Settling: what became of releases whose redraft died before their verdict."""

import asyncio
from dataclasses import replace

from tui.engine.bus import Bus
from tui.model import events as e
from tui.model.releases import Release
from tui.model.rollouts import Rollout
from tui.ports.backend import Backend
from tui.ports.locking import Lock


async def settle(backend: Backend, bus: Bus, lock: Lock) -> None:
    """Give pending releases their outcome by what serves now.

    While another redraft deploys they are its own to settle.
    """
    subscription = bus.subscribe()
    try:
        while bus.state.rollout is None:
            await subscription.wait()
    finally:
        subscription.close()
    pending = [r for r in bus.state.releases if r.outcome == "pending"]
    if not pending or not lock.acquire():
        return
    try:
        for release in pending:
            await asyncio.shield(backend.record(settled(release, bus.state.rollout)))
        bus.publish(e.HistoryLoaded(await backend.releases()))
    finally:
        lock.release()


def settled(release: Release, rollout: Rollout) -> Release:
    """Return the release with the outcome that can be told afterwards."""
    serves = rollout.serving == release.revision
    return replace(release, outcome="ready" if serves else "interrupted")
