"""The engine: one loop for one environment, the same for the screen and for scripts.

Everything happens on one asyncio loop. A few tasks live as long as the engine: `_turn` decides and
starts iterations, `_watch` turns changed files into the inbox, `observe` and `rejudge` judge what
runs, `collect` brings log lines into the store. They talk through the bus and the inbox only. An
iteration is a task of its own, so that it can be cancelled for something newer. A task that fails
becomes a fault on the screen with its traceback in the log file, and the others go on. Leaving the
`async with` cancels all of them and waits for them: nothing outlives the engine.
"""

import asyncio
import time
from collections.abc import Coroutine
from types import TracebackType
from typing import Self

from tui.engine import following
from tui.engine.bus import Bus, Subscription
from tui.engine.chronicle import chronicle
from tui.engine.connecting import Connector
from tui.engine.inbox import receive_changes, receive_command, taken_up
from tui.engine.iteration import IterationRun
from tui.engine.means import Means
from tui.engine.outcomes import not_offered, unexpected
from tui.engine.refusing import refusal
from tui.engine.settling import settle, settle_once_seen
from tui.model import events as e
from tui.model.changes import Commit
from tui.model.commands import Cancel, Command, Connect, Delete, Disconnect, Rollback
from tui.model.decide import Inbox, Running, Start, Supersede, decide
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.model.images import ReleaseDifference
from tui.model.permissions import rollback_target
from tui.model.state import State
from tui.ports.capabilities import OpeningShells, Terminal
from tui.ports.locking import Lock
from tui.ports.logstore import LogSink
from tui.ports.watching import Repository, Watcher

PRUNING_PATIENCE = 5.0
"""Seconds that pruning may take when redraft is left: a single `up` ends with it."""


@frozen
class Environs:
    """What an engine works with: one implementation of each port, and who it works for."""

    opened: e.ProjectOpened
    means: Means
    watcher: Watcher | None
    """None for a run that does not watch."""
    repository: Repository
    sink: LogSink
    collector_lock: Lock
    rollback_on_failure: bool = False
    auto_connect: bool = False


class Engine:
    """Looks after one environment while its `async with` lasts."""

    def __init__(self, environs: Environs) -> None:
        self._environs = environs
        self._backend = environs.means.backend
        self._bus = Bus()
        self._inbox = Inbox(protected=environs.opened.protection is not None)
        self._connector = Connector(self._backend, self._bus)
        self._disconnecting: asyncio.Task[None] | None = None
        self._kick = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._run: IterationRun | None = None
        self._iteration: asyncio.Task[None] | None = None
        self._pruning: asyncio.Task[None] | None = None
        self._number = 0
        self._caught_up = asyncio.Event()
        self._greeting: list[e.Stamped] = []

    @property
    def state(self) -> State:
        """What is known now."""
        return self._bus.state

    def subscribe(self) -> Subscription:
        """Begin to receive events; the first ones tell the project and its history."""
        subscription = self._bus.subscribe()
        for stamped in self._greeting:
            subscription.put(stamped)
        return subscription

    def report(self, fault: Fault) -> None:
        """Tell a fault that something beside the engine met; on the engine's loop only."""
        self._bus.publish(e.FaultRaised(fault))

    async def collected(self) -> None:
        """Wait until every log line captured before now is in the store."""
        await self._caught_up.wait()

    def submit(self, command: Command) -> None:
        """Ask for something; what comes of it is told by events."""
        verb, reason = refusal(command, self.state)
        if reason:
            self._bus.publish(e.CommandRefused(verb, reason))
            return
        match command:
            case Cancel():
                self._cancel_iteration()
            case Connect():
                self._connector.connect()
            case Disconnect():
                self._disconnecting = asyncio.create_task(self._connector.disconnect())
            case _:
                self._receive(command)

    def _receive(self, command: Command) -> None:
        """Put a command for the loop into the inbox."""
        self._inbox, event = receive_command(self._inbox, command)
        if event is not None:
            self._bus.publish(event)
        self._kick.set()

    async def shell(self, pod: str, container: str, terminal: Terminal) -> int:
        """Run a shell in a container on the user's terminal; return its exit code.

        Raises FaultError where the backend offers none or the container is gone.
        """
        if not isinstance(self._backend, OpeningShells):
            raise FaultError(not_offered("shell"))
        return await self._backend.shell(pod, container, terminal)

    async def difference(self, old: int, new: int) -> ReleaseDifference:
        """Return what going from revision `old` to revision `new` changes."""
        by_revision = {release.revision: release for release in self.state.releases}
        return await self._backend.difference(by_revision[old], by_revision[new])

    async def belongings(self) -> tuple[str, ...]:
        """Return what `Delete` would remove, a line each; raises FaultError."""
        return await self._backend.belongings()

    async def __aenter__(self) -> Self:
        first = self._bus.subscribe()
        self._bus.publish(self._environs.opened)
        self._bus.publish(e.HistoryLoaded(await self._backend.releases()))
        self._greeting = first.drain()
        self._begin("writing the chronicle", chronicle(first, self._environs.sink))
        self._number = max((r.revision for r in self.state.releases), default=0)
        self._begin("watching the rollout", following.observe(self._backend, self._bus))
        self._begin("judging the rollout", following.rejudge(self._bus))
        self._begin(
            "collecting logs",
            following.collect(
                self._backend, self._environs.sink, self._environs.collector_lock, self._caught_up
            ),
        )
        self._begin(
            "settling old releases", settle(self._backend, self._bus, self._environs.means.lock)
        )
        self._begin("deciding", self._turn())
        if self._environs.watcher is not None:
            self._begin("watching files", self._watch(self._environs.watcher))
            self._begin("measuring the disk", self._measure())
        if self._environs.auto_connect:
            self._connector.connect()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._connector.disconnect()
        tasks = [*self._tasks, *([self._iteration] if self._iteration else [])]
        for task in reversed(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._pruning is not None:
            await asyncio.wait([self._pruning], timeout=PRUNING_PATIENCE)
            self._pruning.cancel()
            await asyncio.gather(self._pruning, return_exceptions=True)

    def _begin(self, doing: str, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(self._guarded(doing, work), name=doing)
        task.add_done_callback(lambda _: work.close())  # cancelled before it could begin it
        self._tasks.append(task)

    async def _guarded(self, doing: str, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except FaultError as error:
            self._bus.publish(e.FaultRaised(error.fault))
        except Exception as error:  # noqa: BLE001 - one broken task must not end the others
            self._bus.publish(e.FaultRaised(unexpected(error, doing)))

    async def _turn(self) -> None:
        while True:
            await self._kick.wait()
            self._kick.clear()
            decision = decide(self._running(), self._inbox)
            if isinstance(decision, Start):
                self._start(decision)
            elif isinstance(decision, Supersede):
                self._cancel_iteration()

    def _running(self) -> Running | None:
        if self._run is None:
            return None
        return Running(self._run.number, self._run.stage)

    def _start(self, start: Start) -> None:
        self._inbox = taken_up(self._inbox)
        self._number += 1
        if isinstance(start.wanted, Delete):
            deleting = self._delete(purge=start.wanted.purge)
            self._iteration = asyncio.create_task(self._guarded("deleting", deleting))
            return
        self._run = IterationRun(
            self._number, start, self._bus, self._environs.means, self._kick.set
        )
        self._iteration = asyncio.create_task(self._iterate(self._run))

    def _cancel_iteration(self) -> None:
        """Cancel the iteration under way, once: its end kicks the loop again."""
        if self._run is None or self._iteration is None or self._run.superseded:
            return
        self._run.superseded = True
        self._iteration.cancel()

    async def _iterate(self, run: IterationRun) -> None:
        try:
            ended = await run.run(await self._commit(run.start))
            if ended.outcome == "failed" and ended.revision and self._environs.rollback_on_failure:
                self._roll_back_from(ended.revision)
            if ended.outcome == "deployed":
                lock = self._environs.means.lock
                work = settle_once_seen(self._backend, self._bus, lock, ended.revision)
                self._begin("settling a release", work)
            if ended.outcome in {"ready", "deployed"}:
                self._pruning = asyncio.create_task(self._prune())
                await asyncio.shield(self._pruning)
        finally:
            self._run = None
            self._kick.set()

    async def _commit(self, start: Start) -> Commit:
        """Return where git stands; a group of changes that has just come knows it already."""
        if start.saved:
            return self.state.commit
        return await self._environs.repository.commit()

    def _roll_back_from(self, revision: int) -> None:
        failed = next(r for r in self.state.releases if r.revision == revision)
        if failed.outcome == "ready" or rollback_target(self.state) is None or failed.rollback_of:
            return
        self._bus.publish(
            e.Noticed(f"revision {revision} failed: rolling back, as draft.toml asks")
        )
        self.submit(Rollback())

    async def _prune(self) -> None:
        tags, freed = await self._backend.prune()
        if tags:
            self._bus.publish(e.OldSnapshotsPruned(tags, freed))
        if self._environs.watcher is not None:
            await self._measure()

    async def _measure(self) -> None:
        use = await self._backend.disk()
        self._bus.publish(
            e.DiskMeasured(use.snapshots, use.dependencies, self._environs.sink.size())
        )

    async def _delete(self, *, purge: bool) -> None:
        await self._backend.delete(self._bus.publish, purge=purge)
        try:
            await self._environs.means.tasks.after_delete(self._bus.publish)
        finally:
            self._bus.publish(e.EnvironmentDeleted())

    async def _watch(self, watcher: Watcher) -> None:
        commit = await self._environs.repository.commit()
        try:
            async for seen in watcher.changes():
                self._tell_mode(watcher)
                if not seen:
                    continue
                changes = self._environs.means.tasks.outputs.mark(seen)
                before, commit = commit, await self._environs.repository.commit()
                self._bus.publish(e.FilesChanged(changes, commit))
                self._inbox, event = receive_changes(
                    self._inbox, changes, before, commit, time.time()
                )
                if event is not None:
                    self._bus.publish(event)
                self._kick.set()
        except FaultError as error:
            self._bus.publish(e.WatchFailed(error.fault))

    def _tell_mode(self, watcher: Watcher) -> None:
        known = self.state.watch
        if (watcher.mode, watcher.reason) != (known.mode, known.reason):
            self._bus.publish(e.WatchStarted(watcher.mode, watcher.reason))
