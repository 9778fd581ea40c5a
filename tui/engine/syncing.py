"""Syncing: saved files copied into what runs, in place of an iteration.

It is done by the task that decides, so that nothing else begins meanwhile, and under the
environment's lock. Before the first file of a revision is copied the history says that it was
synced: from then on nobody, here or elsewhere, takes its containers for what its image holds.
Whatever goes wrong is told, and an iteration follows: it builds the whole tree.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

from tui.config.syncing import sync_target
from tui.engine.bus import Bus
from tui.engine.locking import held
from tui.engine.means import Means
from tui.engine.outcomes import sync_too_slow, synced_elsewhere, unexpected
from tui.engine.recording import record
from tui.model import events as e
from tui.model.decide import Decision, Start
from tui.model.faults import Fault, FaultError
from tui.model.syncing import SyncFile, incarnations, lost_pods, may_sync
from tui.ports.capabilities import Syncing

PATIENCE = 1.0
"""Seconds to wait for another redraft that has the lock; an iteration waits longer."""
LONGEST = 10.0
"""Seconds that a sync may take: an iteration is told better than a sync that hangs."""


class Syncer:
    """Copies saved files into the containers of one environment."""

    def __init__(self, means: Means, bus: Bus) -> None:
        self._backend = means.backend
        self._lock = means.lock
        self._settings = means.settings
        self._bus = bus

    def planned(self, decision: Decision) -> tuple[SyncFile, ...]:
        """Return what to copy instead of beginning an iteration; nothing where one has to be."""
        if not isinstance(decision, Start) or not may_sync(self._bus.state, decision):
            return ()
        if not isinstance(self._backend, Syncing):
            return ()
        environment = self._settings.now.environment
        files = tuple(SyncFile(path, sync_target(environment, path)) for path in decision.paths)
        return files if all(file.target for file in files) else ()

    async def sync(self, files: tuple[SyncFile, ...], saved: float) -> bool:
        """Copy the files and tell how it went; False where an iteration has to follow."""
        revision, paths = self._bus.state.holds_tree, tuple(file.path for file in files)
        self._bus.publish(e.SyncStarted(revision, paths))
        fault = await self._fault_of(files, revision, saved)
        if fault is not None:
            self._bus.publish(e.SyncFailed(revision, fault))
        return fault is None

    async def _fault_of(
        self, files: tuple[SyncFile, ...], revision: int, saved: float
    ) -> Fault | None:
        try:
            async with asyncio.timeout(LONGEST), held(self._lock, PATIENCE, self._bus.publish):
                await self._sync(files, revision, saved)
        except FaultError as error:
            return error.fault
        except TimeoutError:
            return sync_too_slow(LONGEST)
        except Exception as error:  # noqa: BLE001 - an iteration follows, whatever it was
            return unexpected(error, "copying files into what runs")
        return None

    async def _sync(self, files: tuple[SyncFile, ...], revision: int, saved: float) -> None:
        if not self._bus.state.synced.into:
            await self._mark(revision)
        into = incarnations(self._bus.state, revision)
        if isinstance(self._backend, Syncing):
            await self._backend.sync(into, files)
        paths = tuple(file.path for file in files)
        self._bus.publish(e.FilesSynced(revision, paths, into, time.time() - saved))

    async def _mark(self, revision: int) -> None:
        """Have the history say that the revision is synced; raises FaultError."""
        releases = await self._backend.releases()
        if not releases or releases[-1].revision != revision or releases[-1].synced:
            raise FaultError(synced_elsewhere(revision))
        marked = replace(releases[-1], synced=True)
        await record(self._backend, marked)
        self._bus.publish(e.HistoryLoaded((*releases[:-1], marked)))

    async def watch(self, give_back: Callable[[tuple[str, ...]], None]) -> None:
        """Give back the files synced whenever pods run without them, until cancelled."""
        while True:
            pods = await self._bus.until(lost_pods)
            synced = self._bus.state.synced
            self._bus.publish(e.SyncedFilesLost(synced.revision, synced.paths, pods))
            give_back(synced.paths)
