"""Housekeeping: deleting what no release needs any more, and measuring what is kept."""

import asyncio

from tui.engine.background import Background
from tui.engine.bus import Bus
from tui.engine.means import Environs
from tui.model import events as e

LOOK = 10.0
"""Seconds between two looks at how large the log has become."""
NOTABLE = 0.1
"""The part of what was told by which it has changed then."""
PATIENCE = 5.0
"""Seconds that pruning may take when redraft is left: a single `up` ends with it."""


class Housekeeping:
    """Keeps one environment's use of the disk small and known."""

    def __init__(
        self, environs: Environs, bus: Bus, background: Background, *, watches: bool
    ) -> None:
        """`watches`: redraft stays, so that somebody may want to see what is kept."""
        self._backend = environs.means.backend
        self._lock = environs.means.lock
        self._sink = environs.sink
        self._bus = bus
        self._background = background
        self._watches = watches
        self._pruning: asyncio.Task[None] | None = None

    async def prune(self) -> None:
        """Delete what is not needed, and tell where that fails.

        Goes on to its end when whoever waits is cancelled.
        """
        pruning = self._background.guarded("deleting what no release needs", self._prune())
        self._pruning = asyncio.create_task(pruning)
        await asyncio.shield(self._pruning)

    async def _prune(self) -> None:
        """Prune unless an iteration runs by now, whose ever: what it makes is no release's yet."""
        if not self._lock.acquire():
            return
        try:
            tags, freed = await self._backend.prune()
        finally:
            self._lock.release()
        if tags:
            self._bus.publish(e.OldSnapshotsPruned(tags, freed))
        if self._watches:
            await self.measure()

    async def measure(self) -> None:
        """Tell how much is kept."""
        use = await self._backend.disk()
        self._bus.publish(e.DiskMeasured(use.snapshots, use.dependencies, self._sink.size()))

    async def keep_measured(self) -> None:
        """Tell how much is kept, and again whenever the log has changed notably, until cancelled.

        All else changes by iterations and deletions only, which tell it themselves.
        """
        await self.measure()
        while True:
            await asyncio.sleep(LOOK)
            told, logs = self._bus.state.disk, self._sink.size()
            if abs(logs - told.logs) > NOTABLE * told.logs:
                self._bus.publish(e.DiskMeasured(told.snapshots, told.dependencies, logs))

    async def close(self) -> None:
        """Let pruning end, but not for ever."""
        if self._pruning is None:
            return
        await asyncio.wait([self._pruning], timeout=PATIENCE)
        self._pruning.cancel()
        await asyncio.gather(self._pruning, return_exceptions=True)
