"""One turn of the loop: build, push, deploy, rollout; each a verb of the backend.

An iteration always ends with `IterationFinished`, whatever happens: a fault, an unexpected
exception, or cancellation by something newer (superseded), by the user (aborted) or by the end of
redraft (interrupted).
All of it runs under the environment's lock, so that two redrafts never deploy at the same time.

An iteration may be begun ahead, while it is not certain yet that there is to be one: it builds, and
waits before anything that cannot be taken back. Nobody hears of it until then. It may be abandoned
at any moment, and leaves nothing behind but what a later build finds done.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from tui.engine.bus import Bus
from tui.engine.following import observed
from tui.engine.holding import HeldEvents
from tui.engine.judging import end_of_rollout, runs_already
from tui.engine.locking import PATIENCE, held
from tui.engine.means import Means
from tui.engine.outcomes import no_such_revision, overtaken, rollout_fault, unexpected
from tui.engine.recording import record
from tui.engine.settling import settle_pending
from tui.engine.tasks import hooks_after
from tui.engine.watching import Beside
from tui.model import events as e
from tui.model.changes import CONTEXT_CHANGED, NO_COMMIT, Commit
from tui.model.commands import Rollback
from tui.model.decide import Start
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.model.permissions import rollback_target
from tui.model.releases import Outcome, Release, counted_from
from tui.model.rollouts import NO_VERDICT, Rollout, Verdict
from tui.model.stages import Cut, IterationOutcome, StageName, StepOutcome
from tui.model.state import State
from tui.ports.backend import Build


@frozen
class Ended:
    """How an iteration ended."""

    outcome: IterationOutcome
    revision: int = 0
    fault: Fault | None = None
    seen_before: Rollout | None = None
    """What ran before the deploy of a release that nobody waited for."""


def may_roll_back(state: State, ended: Ended) -> bool:
    """Whether an iteration left a failed release behind from which there is a way back."""
    failed = next((r for r in state.releases if r.revision == ended.revision), None)
    if ended.outcome != "failed" or failed is None or failed.outcome == "ready":
        return False
    return not failed.rollback_of and rollback_target(state) is not None


class IterationRun:
    """Runs one iteration to its end."""

    patience = PATIENCE
    """Seconds to wait for another redraft to be done with the environment."""

    def __init__(self, number: int, start: Start, bus: Bus, means: Means, beside: Beside) -> None:
        self.number = number
        self.stage: StageName | None = None
        self.cut: Cut | None = None
        """Set before cancelling it, and when another redraft overtook it."""
        self.start = start
        self._commit = NO_COMMIT
        self._began = self._since = 0.0
        self._ahead: asyncio.Task[Ended] | None = None
        self._bus = bus
        self._events = HeldEvents(bus.publish)
        self._beside = beside
        self._backend = means.backend
        self._tasks = means.tasks
        self._lock = means.lock
        self._author = means.author
        self._settings = means.settings

    def begin_ahead(self) -> None:
        """Begin without telling anybody, and wait for `run` when everything harmless is done."""
        self._ahead = asyncio.create_task(self._run())

    def cancel_ahead(self) -> None:
        """End what was begun ahead; does nothing where nothing was, or it is over."""
        if self._ahead is not None:
            self._ahead.cancel()

    async def abandoned(self) -> None:
        """End what was begun ahead, and wait until it has ended."""
        self.cancel_ahead()
        if self._ahead is not None:
            await asyncio.gather(self._ahead, return_exceptions=True)

    async def run(self, commit: Commit) -> Ended:
        """Run it and tell its end; raises nothing but the cancellation it was given."""
        self._commit, self._began = commit, time.monotonic()
        start = self.start
        self._since = counted_from(start.trigger, start.saved, time.time())
        self._events.release(
            e.IterationStarted(self.number, start.trigger, start.paths, start.saved, commit)
        )
        return await (self._ahead or self._run())

    async def _run(self) -> Ended:
        ended = Ended("interrupted")
        try:
            ended = await self._until_ended()
            await self._events.released()
        finally:
            if ended.outcome == "interrupted" and self.cut is not None:
                ended = Ended(self.cut)
            seconds = time.monotonic() - self._began
            self._events.publish(
                e.IterationFinished(
                    self.number, ended.outcome, seconds, ended.revision, ended.fault
                )
            )
        return ended

    async def _until_ended(self) -> Ended:
        try:
            async with held(self._lock, self.patience, self._events.publish):
                return await self._stages()
        except FaultError as error:
            return Ended("failed", fault=error.fault)
        except Exception as error:  # noqa: BLE001 - an iteration ends with a fault, never silently
            return Ended("failed", fault=unexpected(error, f"running iteration {self.number}"))

    async def _stages(self) -> Ended:
        releases = await self._backend.releases()
        self._bus.publish(e.HistoryLoaded(releases))
        await observed(self._bus, releases[-1] if releases else None)
        await settle_pending(self._backend, self._bus)
        if isinstance(self.start.wanted, Rollback):
            return await self._release(await self._planned_rollback(self.start.wanted))
        await self._before_build()
        build = await self._build()
        if runs_already(self._bus.state, build, by_save=self.start.trigger == "save"):
            await settle_pending(self._backend, self._bus)
            return Ended("unchanged", self._bus.state.releases[-1].revision)
        await self._events.released()
        build = await self._push(build)
        return await self._release(await self._planned(build, self._commit))

    async def _before_build(self) -> None:
        if await self._tasks.any_of("pre-up"):
            await self._events.released()
            async with self._in("pre-up"):
                await self._tasks.before_build(self.number, self._events.publish)

    async def _build(self) -> Build:
        async with self._in("build"):
            build = await self._built()
        self._events.publish(e.ImageBuilt(self.number, build.image))
        return build

    async def _built(self) -> Build:
        try:
            return await self._backend.build(self.number, self._events.publish)
        except FaultError as error:
            if error.fault.code == CONTEXT_CHANGED:
                # a save that it met supersedes it by then
                await self._beside.repose.again()
            raise

    async def _push(self, build: Build) -> Build:
        if "push" not in self._backend.capabilities:
            return build
        async with self._in("push"):
            return await self._backend.push(self.number, build, self._events.publish)

    async def _planned(self, build: Build, commit: Commit) -> Release:
        release = Release(
            revision=0,
            image=build.image,
            spec=build.spec,
            commit=commit,
            trigger=self.start.trigger,
            user=self._author.user,
            host=self._author.host,
            started=time.time(),
        )
        releases = self._bus.state.releases
        if not releases:
            return release
        changed = await self._backend.changed(releases[-1].image, build.image)
        return replace(release, changed=changed)

    async def _planned_rollback(self, wanted: Rollback) -> Release:
        target = rollback_target(self._bus.state, wanted.revision)
        if target is None:
            raise FaultError(no_such_revision(wanted.revision))
        planned = await self._planned(Build(target.image, target.spec), target.commit)
        return replace(planned, rollback_of=target.revision)

    async def _release(self, planned: Release) -> Ended:
        await settle_pending(self._backend, self._bus, over=True)
        before = self._bus.state.rollout
        async with self._in("deploy"):
            release = await self._backend.deploy(self.number, planned, self._events.publish)
        last = self._bus.state.rollout
        self._events.publish(e.ReleaseStarted(self.number, release))
        if not self._settings.now.environment.wait:
            return await self._left_to_itself(release, before)
        verdict = NO_VERDICT
        try:
            async with self._in("rollout"):
                verdict = await self._verdict(release.revision, before, last)
                if self.cut is not None:
                    return Ended(self.cut, release.revision)
                if verdict.outcome == "failed":
                    raise FaultError(rollout_fault(verdict))
                if verdict.cause:
                    self._events.publish(e.Noticed(verdict.sentence))
        except FaultError as error:
            return Ended("failed", release.revision, error.fault)
        finally:
            await self._record(release, verdict)
        return await self._after_rollout(release)

    async def _left_to_itself(self, release: Release, before: Rollout | None) -> Ended:
        """End with the deploy; what follows a good rollout cannot be run then."""
        hooks = hooks_after(rollback=bool(release.rollback_of))
        if await self._tasks.any_of(*hooks):
            self._events.publish(e.Noticed(f"left out, for `wait = false`: {', '.join(hooks)}"))
        return Ended("deployed", release.revision, seen_before=before)

    async def _after_rollout(self, release: Release) -> Ended:
        """Run the tasks that follow a good rollout; whatever comes of them, the release stands."""
        rollout, hooks = self._bus.state.rollout, hooks_after(rollback=bool(release.rollback_of))
        try:
            if rollout and await self._tasks.any_of(*hooks):
                async with self._in("post-up"):
                    await self._tasks.after_rollout(
                        self.number, rollout, hooks, self._events.publish
                    )
        except FaultError as error:
            return Ended("failed", release.revision, error.fault)
        return Ended("ready", release.revision)

    async def _record(self, release: Release, verdict: Verdict) -> None:
        finished = replace(
            release,
            seconds=time.time() - self._since,
            outcome=self._outcome(verdict),
            cause=verdict.cause if verdict.outcome == "failed" else "",
        )
        self._events.publish(e.ReleaseFinished(self.number, finished))
        try:
            await record(self._backend, finished)
        except FaultError as error:  # it stays pending, and is settled by the next iteration
            self._events.publish(e.FaultRaised(error.fault))

    def _outcome(self, verdict: Verdict) -> Outcome:
        match verdict.outcome:
            case "ready" | "failed":
                return verdict.outcome
        return "superseded" if self.cut == "superseded" else "pending"

    async def _verdict(
        self, revision: int, before: Rollout | None, last: Rollout | None
    ) -> Verdict:
        """Wait for the final verdict on `revision`, as whoever observes the rollout tells it.

        There is none on one that another redraft overtook, on this machine or another. Raises
        FaultError where one deleted the environment since it was seen `last` in the deploy.
        """
        said = await self._bus.until(lambda state: end_of_rollout(state, revision, before, last))
        if isinstance(said, Verdict):
            return said
        if isinstance(said, Fault):
            raise FaultError(said)
        self._events.publish(e.Noticed(overtaken(revision, newer=said)))
        self.cut = "superseded"
        return NO_VERDICT

    @asynccontextmanager
    async def _in(self, stage: StageName) -> AsyncIterator[None]:
        """Tell begin, end and outcome of a stage around what is done in it."""
        began = time.monotonic()
        self.stage = stage
        self._events.publish(e.StageStarted(self.number, stage))
        self._beside.entered()
        outcome: StepOutcome = "failed"
        try:
            yield
            outcome = "done"
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        finally:
            seconds = time.monotonic() - began
            self._events.publish(e.StageFinished(self.number, stage, seconds, outcome))
            self.stage = None
