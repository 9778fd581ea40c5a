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
from dataclasses import replace
from types import TracebackType
from typing import Self

from tui.engine.adopting import Adoption
from tui.engine.ahead import Ahead, let_go
from tui.engine.background import Background
from tui.engine.bus import Bus, Subscription
from tui.engine.chronicle import chronicle
from tui.engine.connecting import Connector
from tui.engine.deleting import delete, tell_deleted_meanwhile
from tui.engine.following import follow
from tui.engine.housekeeping import Housekeeping
from tui.engine.inbox import give_back, receive_changes, receive_command, taken_up
from tui.engine.iteration import IterationRun, may_roll_back
from tui.engine.means import Environs
from tui.engine.outcomes import DELETED, not_offered
from tui.engine.refusing import refusal
from tui.engine.settling import Settler
from tui.engine.syncing import Syncer
from tui.engine.watching import Beside, Repose, watched, where_git_stands
from tui.model import events as e
from tui.model.changes import Change, Commit
from tui.model.commands import Cancel, Command, Connect, Delete, Disconnect, Rollback, Up
from tui.model.decide import Inbox, Running, Start, Supersede, decide
from tui.model.faults import Fault, FaultError
from tui.model.images import ReleaseDifference
from tui.model.stages import Cut
from tui.model.state import State
from tui.model.syncing import SyncFile
from tui.ports.capabilities import OpeningShells, Terminal
from tui.ports.watching import Watcher


class Engine:
    """Looks after one environment while its `async with` lasts."""

    def __init__(self, environs: Environs) -> None:
        self._environs = environs
        self._backend = environs.means.backend
        self._bus = Bus()
        self._inbox = Inbox(protected=environs.opened.protection is not None)
        self._connector = Connector(self._backend, self._bus)
        self._settings = environs.means.settings
        self._adoption = Adoption(self._settings, self._bus, self._connector, self._receive)
        self._kick = asyncio.Event()
        self._background = Background(self._bus)
        self._starters = Background(self._bus)
        self._settler = Settler(self._backend, self._bus, environs.means.lock)
        self._ahead = Ahead()
        self._syncer = Syncer(environs.means, self._bus)
        self._beside = Beside(Repose(watches=environs.watcher is not None), self._kick.set)
        self._run: IterationRun | None = None
        self._iteration: asyncio.Task[None] | None = None
        self._deletion: asyncio.Task[None] | None = None
        self._housekeeping = Housekeeping(
            environs, self._bus, self._background, watches=environs.watcher is not None
        )
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
                self._cancel_iteration("aborted")
            case Connect():
                self._connector.connect()
            case Disconnect():
                self._connector.disconnect()
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
        self._background.begin("writing the chronicle", chronicle(first, self._environs.sink))
        self._number = max((r.revision for r in self.state.releases), default=0)
        follow(self._environs, self._bus, self._background, self._caught_up)
        self._background.begin("settling old releases", self._settler.settle())
        self._starters.begin("deciding", self._turn())
        if self._environs.watcher is not None:
            self._starters.begin("watching files", self._watch(self._environs.watcher))
            self._starters.begin("watching synced files", self._syncer.watch(self._give_back))
            self._background.begin("measuring the disk", self._housekeeping.keep_measured())
        if self._settings.now.environment.auto_connect:
            self._connector.connect()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._connector.disconnect()
        await self._connector.closed()
        await self._starters.close()
        await self._ahead.drop()
        if self._deletion is not None:
            await self._deletion  # half of it would be neither here nor gone
        if self._iteration is not None:
            self._iteration.cancel()
            await asyncio.gather(self._iteration, return_exceptions=True)
        await self._background.close()
        await self._housekeeping.close()

    async def _turn(self) -> None:
        while True:
            await self._kick.wait()
            self._kick.clear()
            decision = decide(self._running(), self._inbox)
            if files := self._syncer.planned(decision):
                await self._sync(files)
            elif isinstance(decision, Start):
                await self._start(decision)
            elif isinstance(decision, Supersede):
                self._cancel_iteration("superseded")
            elif self._run is None and not self._ahead.under_way:
                await let_go(self._backend)

    async def _sync(self, files: tuple[SyncFile, ...]) -> None:
        """Copy files in place of an iteration; where that fails they are waiting again."""
        saved, self._inbox = self._inbox.saved, taken_up(self._inbox)
        await self._ahead.drop()
        if not await self._syncer.sync(files, saved):
            self._give_back(tuple(file.path for file in files))

    def _give_back(self, paths: tuple[str, ...]) -> None:
        """Have an iteration take up files that were synced, or should have been."""
        self._inbox, event = give_back(self._inbox, paths, time.time())
        if event is not None:
            self._bus.publish(event)
        self._kick.set()

    def _running(self) -> Running | None:
        if self._run is None:
            return None
        return Running(self._run.number, self._run.stage)

    async def _start(self, start: Start) -> None:
        self._inbox = taken_up(self._inbox)  # what comes while anything is waited for stays there
        run = self._ahead.taken(start)
        if run is None:
            await self._ahead.drop()
        if not isinstance(start.wanted, Up):
            await let_go(self._backend)
        if isinstance(start.wanted, Delete):
            deleting = delete(self._environs.means, self._bus, purge=start.wanted.purge)
            self._deletion = asyncio.create_task(self._background.guarded("deleting", deleting))
            await asyncio.shield(self._deletion)  # nothing is decided meanwhile
            return
        self._run = run or self._next_run(start)
        self._number = self._run.number
        self._iteration = asyncio.create_task(self._iterate(self._run))
        self._iteration.add_done_callback(lambda _: self._over())  # however early it is cancelled

    def _next_run(self, start: Start) -> IterationRun:
        return IterationRun(self._number + 1, start, self._bus, self._environs.means, self._beside)

    def _over(self) -> None:
        run, self._run = self._run, None
        if run is not None:
            run.cancel_ahead()
        if run is not None and run.cut == "aborted":  # what it deployed rolls out all the same
            self._background.begin("settling a release", self._settler.settle_cut())
        self._kick.set()

    def _cancel_iteration(self, cut: Cut) -> None:
        """Cancel the iteration under way, once: its end kicks the loop again."""
        if self._run is None or self._iteration is None or self._run.cut is not None:
            return
        self._run.cut = cut
        self._iteration.cancel()

    async def _iterate(self, run: IterationRun) -> None:
        ended = await run.run(await self._commit(run.start))
        if ended.fault is not None and ended.fault.code == DELETED:
            await tell_deleted_meanwhile(self._backend, self._bus)
        rolls_back = self._settings.now.environment.rollback_on_failure
        if rolls_back and may_roll_back(self.state, ended):
            told = f"revision {ended.revision} failed: rolling back, as draft.toml asks"
            self._bus.publish(e.Noticed(told))
            self.submit(Rollback())
        if ended.outcome == "deployed":
            work = self._settler.settle_once_seen(ended.revision, ended.seen_before)
            self._background.begin("settling a release", work)
        if ended.outcome in {"ready", "deployed"}:
            await self._housekeeping.prune()

    async def _commit(self, start: Start) -> Commit:
        """Return where git stands; a group of changes that has just come knows it already."""
        if start.saved:
            return self.state.commit
        return await self._environs.repository.commit()

    async def _watch(self, watcher: Watcher) -> None:
        here = await self._environs.repository.commit()
        async for group in watched(watcher, self._bus, self._beside.repose):
            if not group.told:
                await self._ahead.drop()
            there = await where_git_stands(self._environs.repository, group, here)
            if not group.at_rest:
                self._begin_ahead(group.changes, here, there)
                continue
            if group.changes:
                self._changed(await self._adopted(watcher, group.changes), here, there)
            here = there
            if not isinstance(decide(self._running(), self._inbox), Start):
                await self._ahead.drop()
                self._kick.set()

    async def _adopted(self, watcher: Watcher, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        """Take over what changes of draft.toml say; return what counts of them."""
        marked = self._environs.means.tasks.outputs.mark(changes)
        counting = await self._adoption.adopted(watcher, marked)
        self._inbox = replace(self._inbox, protected=self.state.protection is not None)
        return counting

    def _begin_ahead(self, changes: tuple[Change, ...], before: Commit, after: Commit) -> None:
        """Begin what these changes will lead to if they are all and nothing else comes."""
        inbox, _ = receive_changes(self._inbox, changes, before, after, time.time())
        start = decide(self._running(), inbox)
        if self._syncer.planned(start) or self.state.deleting:
            return
        if isinstance(start, Start):
            self._ahead.begin(self._next_run(start))

    def _changed(self, changes: tuple[Change, ...], before: Commit, after: Commit) -> None:
        """Take changes that are at rest into the inbox."""
        self._bus.publish(e.FilesChanged(changes, after))
        self._inbox, event = receive_changes(self._inbox, changes, before, after, time.time())
        if event is not None:
            self._bus.publish(event)
        self._kick.set()
