import asyncio
import time
from dataclasses import dataclass, replace

import pytest

from tests.cluster import eventually
from tests.engine.scripted import FAULT, Scene, ScriptedBackend, gather, until
from tui.config.environment import Environment
from tui.engine import deleting, locking
from tui.engine.engine import Engine
from tui.engine.outcomes import waiting_for
from tui.model import events as e
from tui.model.changes import CONTEXT_CHANGED, Change, Commit
from tui.model.commands import (
    Cancel,
    Delete,
    DropHeld,
    PauseWatch,
    ReleaseHeld,
    ResumeWatch,
    Rollback,
    Up,
)
from tui.model.faults import Fault, FaultError
from tui.model.images import Image
from tui.model.permissions import refusals
from tui.model.releases import Release
from tui.model.rollouts import Rollout
from tui.ports.backend import Tell
from tui.ports.watching import Group


class GoneBackend(ScriptedBackend):
    """A backend where all was deleted before."""

    def picture(self, revision: int) -> Rollout:
        return Rollout(0, deleted=True)


class BegunBackend(ScriptedBackend):
    """A backend that records a release before it asks for it."""

    async def deploy(self, iteration: int, release: Release, tell: Tell) -> Release:
        self.recorded[1] = replace(release, revision=1)
        return await super().deploy(iteration, release, tell)


async def finished(engine: Engine) -> e.IterationFinished:
    event = await until(engine, e.IterationFinished)
    assert isinstance(event, e.IterationFinished)
    return event


async def brought_up(engine: Engine) -> e.IterationFinished:
    engine.submit(Up())
    return await finished(engine)


async def test_up_builds_deploys_and_waits_for_the_verdict() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        ended = await brought_up(engine)
        assert (ended.outcome, ended.revision) == ("ready", 1)
        assert engine.state.iteration is not None
        assert [s.name for s in engine.state.iteration.stages] == ["build", "deploy", "rollout"]
        assert [s.outcome for s in engine.state.iteration.stages] == ["done"] * 3
    assert scene.backend.recorded[1].outcome == "ready"
    assert scene.backend.recorded[1].user == "me"


async def test_a_second_up_of_the_same_tree_deploys_nothing() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        await brought_up(engine)
        ended = await brought_up(engine)
        assert (ended.outcome, ended.revision) == ("unchanged", 1)
    assert len(scene.backend.deployed) == 1


async def test_a_save_goes_round_and_the_history_names_the_changed_files() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        await brought_up(engine)
        scene.backend.tag = "bbb"
        scene.watcher.save("app.py")
        ended = await finished(engine)
        assert (ended.outcome, ended.revision) == ("ready", 2)
        assert engine.state.changes[0].result == "built"
    assert scene.backend.recorded[2].changed == ("app.py",)
    assert scene.backend.recorded[2].trigger == "save"


async def test_the_seconds_of_a_release_count_from_its_save_over_all_stages() -> None:
    hold = asyncio.Event()
    scene = Scene(backend=ScriptedBackend(hold_build=hold))
    async with scene.engine() as engine:
        began = time.time()
        change = Change("app.py", "modified", written=began - 3)
        scene.watcher.groups.put_nowait(Group((change,), at_rest=True))
        await until(engine, e.StepStarted)
        hold.set()
        await finished(engine)
    release = scene.backend.recorded[1]
    assert 3 <= release.seconds <= 3 + time.time() - began
    assert release.started >= began


async def test_a_failing_build_is_a_fault_and_the_next_save_goes_round_again() -> None:
    scene = Scene(backend=ScriptedBackend(fail_build=FAULT))
    async with scene.engine() as engine:
        ended = await brought_up(engine)
        assert (ended.outcome, ended.fault) == ("failed", FAULT.fault)
        scene.backend.fail_build = None
        scene.watcher.save("app.py")
        assert (await finished(engine)).outcome == "ready"


@dataclass
class LingeringBackend(ScriptedBackend):
    """A backend whose cancelled builds leave work going."""

    let_gos: int = 0

    async def let_go(self) -> None:
        self.let_gos += 1


async def test_what_a_cancelled_build_left_going_ends_only_where_no_build_follows() -> None:
    backend = LingeringBackend(hold_build=asyncio.Event())
    scene = Scene(backend=backend)
    async with scene.engine() as engine:
        engine.submit(Up())
        await until(engine, e.StepStarted)
        before = backend.let_gos
        scene.watcher.save("app.py")
        await until(engine, e.StepStarted)
        assert (backend.builds_begun, backend.let_gos) == (2, before)
        engine.submit(Cancel())
        await until(engine, e.IterationFinished)
        await eventually(lambda: backend.let_gos > before)


@pytest.mark.parametrize("command", [Rollback(), Delete()])
async def test_what_a_cancelled_build_left_going_ends_before_what_builds_nothing(
    command: Rollback | Delete,
) -> None:
    hold = asyncio.Event()
    backend = LingeringBackend(hold_build=asyncio.Event(), hold_deploy=hold, hold_delete=hold)
    releases = (Release(n, Image("app", f"v{n}"), outcome="ready") for n in (1, 2))
    backend.recorded = {release.revision: release for release in releases}
    scene = Scene(backend=backend)
    async with scene.engine() as engine:
        engine.submit(Up())
        await until(engine, e.StepStarted)
        before = backend.let_gos
        engine.submit(command)
        await eventually(lambda: backend.let_gos > before)
        hold.set()


async def test_what_was_begun_ahead_is_let_go_when_it_comes_to_nothing() -> None:
    backend = LingeringBackend(hold_build=asyncio.Event())
    scene = Scene(backend=backend)
    async with scene.engine():
        scene.watcher.save("app.py", at_rest=False)
        await eventually(lambda: backend.builds_begun == 1)
        before = backend.let_gos
        scene.watcher.save()
        await eventually(lambda: backend.let_gos > before)


MET = FaultError(Fault(CONTEXT_CHANGED, "app.py changed while it was copied"))


@pytest.mark.parametrize("stirs", [True, False])
async def test_a_build_that_met_a_save_is_superseded_by_what_that_leads_to(stirs: bool) -> None:
    scene = Scene(backend=ScriptedBackend(fail_build=MET))
    async with scene.engine() as engine:
        await until(engine, e.WatchStarted)
        engine.submit(Up())
        await until(engine, e.StepStarted)
        if stirs:
            scene.watcher.save("app.py", at_rest=False)
        scene.backend.fail_build = None
        scene.watcher.save("app.py")
        first, second = await gather(engine, e.IterationFinished, 2)
        assert isinstance(first, e.IterationFinished)
        assert isinstance(second, e.IterationFinished)
        assert (first.outcome, second.outcome) == ("superseded", "ready")


async def test_a_build_that_met_a_change_that_leads_to_nothing_has_failed() -> None:
    scene = Scene(backend=ScriptedBackend(fail_build=MET))
    async with scene.engine() as engine:
        ended = await brought_up(engine)
        assert (ended.outcome, ended.fault) == ("failed", MET.fault)


async def test_a_build_that_met_a_save_while_watching_is_paused_has_failed() -> None:
    scene = Scene(backend=ScriptedBackend(fail_build=MET))
    async with scene.engine() as engine:
        engine.submit(PauseWatch())
        engine.submit(Up())
        await until(engine, e.StepStarted)
        scene.watcher.save("app.py", at_rest=False)
        scene.watcher.save("app.py")
        assert (await finished(engine)).outcome == "failed"


async def test_an_unexpected_exception_is_told_as_a_fault_and_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scene = Scene(backend=ScriptedBackend(fail_build=ZeroDivisionError("oh")))
    async with scene.engine() as engine:
        ended = await brought_up(engine)
    assert ended.fault is not None
    assert (ended.fault.code, ended.fault.evidence) == ("internal-error", ("oh",))
    assert "ZeroDivisionError" in caplog.text


async def test_a_newer_save_cancels_the_build_and_builds_the_newest_tree() -> None:
    scene = Scene(backend=ScriptedBackend(hold_build=asyncio.Event()))
    async with scene.engine() as engine:
        engine.submit(Up())
        await until(engine, e.StepStarted)
        scene.backend.tag = "bbb"
        scene.backend.hold_build = None
        scene.watcher.save("app.py")
        first = await finished(engine)
        assert (first.iteration, first.outcome) == (1, "superseded")
        assert (await finished(engine)).outcome == "ready"
    assert scene.backend.built == ["bbb"]


async def test_a_deploy_under_way_is_let_finish_and_the_newest_tree_goes_next() -> None:
    scene = Scene(backend=ScriptedBackend(hold_deploy=asyncio.Event()))
    async with scene.engine() as engine:
        engine.submit(Up())
        while engine.state.iteration is None or engine.state.iteration.stage != "deploy":
            await until(engine, e.StageStarted)
        scene.backend.tag = "bbb"
        scene.watcher.save("app.py")
        await until(engine, e.FilesChanged)
        assert scene.backend.hold_deploy is not None
        scene.backend.hold_deploy.set()
        await until(engine, e.IterationFinished, 2)
    assert [release.image.tag for release in scene.backend.deployed] == ["aaa", "bbb"]


async def test_a_fix_saved_while_a_rollout_hangs_is_taken_up_at_once() -> None:
    scene = Scene(backend=ScriptedBackend(ready=False))
    async with scene.engine() as engine:
        engine.submit(Up())
        await until(engine, e.ReleaseStarted)
        scene.backend.tag, scene.backend.ready = "bbb", True
        scene.watcher.save("app.py")
        assert (await finished(engine)).outcome == "superseded"
        assert (await finished(engine)).outcome == "ready"
    assert scene.backend.recorded[1].outcome == "superseded"


async def test_a_save_during_a_deploy_does_not_wait_for_the_rollout_that_follows() -> None:
    scene = Scene(backend=ScriptedBackend(ready=False, hold_deploy=asyncio.Event()))
    async with scene.engine() as engine:
        engine.submit(Up())
        while engine.state.iteration is None or engine.state.iteration.stage != "deploy":
            await until(engine, e.StageStarted)
        scene.watcher.save("app.py")
        await until(engine, e.FilesChanged)
        assert scene.backend.hold_deploy is not None
        scene.backend.tag = "bbb"
        scene.backend.hold_deploy.set()
        assert (await finished(engine)).outcome == "superseded"


async def test_a_crash_loop_fails_with_the_verdict_and_a_touch_does_not_try_it_again() -> None:
    scene = Scene(backend=ScriptedBackend(crash=True))
    async with scene.engine() as engine:
        ended = await brought_up(engine)
        assert ended.fault is not None
        assert (ended.outcome, ended.fault.code) == ("failed", "crash-loop")
        assert ended.fault.evidence == ("boom",)
        scene.watcher.save("app.py")
        assert (await finished(engine)).outcome == "unchanged"
        assert (await brought_up(engine)).outcome == "failed"
    assert len(scene.backend.deployed) == 2


async def test_rollback_deploys_the_earlier_image_as_a_new_release() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        await brought_up(engine)
        scene.backend.tag = "bbb"
        await brought_up(engine)
        engine.submit(Rollback())
        ended = await finished(engine)
        assert (ended.outcome, ended.revision) == ("ready", 3)
        engine.submit(Rollback())
        await finished(engine)
    third, fourth = scene.backend.recorded[3], scene.backend.recorded[4]
    assert (third.image.tag, third.rollback_of, third.trigger) == ("aaa", 1, "rollback")
    assert (fourth.image.tag, fourth.rollback_of) == ("bbb", 2)


async def test_a_rollback_to_nowhere_is_a_fault() -> None:
    async with Scene().engine() as engine:
        engine.submit(Rollback(7))
        ended = await finished(engine)
    assert ended.fault is not None
    assert ended.fault.code == "rollback-no-revision"


async def test_rollback_on_failure_goes_back_by_itself_and_only_once() -> None:
    scene = Scene(settings=Environment("development", "app", rollback_on_failure=True))
    async with scene.engine() as engine:
        await brought_up(engine)
        scene.backend.tag, scene.backend.crash = "bbb", True
        await brought_up(engine)
        ended = await finished(engine)
        assert (ended.outcome, ended.revision) == ("failed", 3)
    assert scene.backend.deployed[2].rollback_of == 1
    assert len(scene.backend.deployed) == 3


async def test_changes_queue_while_paused_and_are_built_on_resume() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        await brought_up(engine)
        engine.submit(PauseWatch())
        scene.backend.tag = "bbb"
        scene.watcher.save("a.py")
        held = await until(engine, e.ChangesHeld)
        assert held == e.ChangesHeld("paused", 1)
        assert engine.state.changes[0].result == "waiting"
        engine.submit(ResumeWatch())
        assert (await finished(engine)).outcome == "ready"
    assert scene.backend.recorded[2].trigger == "resume"


async def test_a_branch_switch_is_held_until_let_go() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        await brought_up(engine)
        scene.repository.now = Commit("c2", "topic")
        scene.backend.tag = "bbb"
        scene.watcher.save("a.py")
        assert await until(engine, e.ChangesHeld) == e.ChangesHeld("branch-switch", 1)
        assert len(scene.backend.deployed) == 1
        engine.submit(ReleaseHeld())
        assert (await finished(engine)).outcome == "ready"


async def test_dropped_changes_are_not_built() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        scene.watcher.save(*(f"{n}.py" for n in range(201)))
        assert await until(engine, e.ChangesHeld) == e.ChangesHeld("mass-change", 201)
        engine.submit(DropHeld())
        assert engine.state.watch.held is None
        scene.watcher.save("one.py")
        started = await until(engine, e.IterationStarted)
    assert isinstance(started, e.IterationStarted)
    assert started.paths == ("one.py",)


async def test_cancel_stops_the_build() -> None:
    scene = Scene(backend=ScriptedBackend(hold_build=asyncio.Event()))
    async with scene.engine() as engine:
        engine.submit(Up())
        await until(engine, e.StepStarted)
        engine.submit(Cancel())
        assert (await finished(engine)).outcome == "aborted"
    assert not scene.backend.built


async def test_an_aborted_rollouts_release_is_settled_by_what_becomes_of_it() -> None:
    scene = Scene(backend=ScriptedBackend(ready=False))
    async with scene.engine() as engine:
        engine.submit(Up())
        await until(engine, e.ReleaseStarted)
        engine.submit(Cancel())
        assert (await finished(engine)).outcome == "aborted"
        assert scene.backend.recorded[1].outcome == "pending"
        scene.backend.ready = True
        scene.backend.pictures.put_nowait(scene.backend.picture(1))
        await eventually(lambda: scene.backend.recorded[1].outcome == "ready")


async def test_a_release_that_was_begun_when_its_deploy_was_aborted_is_settled_too() -> None:
    scene = Scene(backend=BegunBackend(hold_deploy=asyncio.Event()))
    async with scene.engine() as engine:
        engine.submit(Up())
        await eventually(lambda: scene.backend.recorded)
        engine.submit(Cancel())
        assert (await finished(engine)).outcome == "aborted"
        await eventually(lambda: scene.backend.recorded[1].outcome == "interrupted")


async def test_leaving_interrupts_what_runs_and_says_so() -> None:
    scene = Scene(backend=ScriptedBackend(hold_build=asyncio.Event()))
    async with scene.engine() as engine:
        engine.submit(Up())
        await until(engine, e.StepStarted)
    assert engine.state.iteration is not None
    assert engine.state.iteration.outcome == "interrupted"


async def test_delete_cancels_what_runs_and_removes_everything() -> None:
    scene = Scene(backend=ScriptedBackend(hold_build=asyncio.Event()))
    async with scene.engine() as engine:
        engine.submit(Up())
        await until(engine, e.StepStarted)
        assert await engine.belongings() == ("the app",)
        engine.submit(Delete())
        await until(engine, e.EnvironmentDeleted)
        assert engine.state.deleted
    assert scene.backend.deleted
    assert not scene.backend.purged


async def test_a_deletion_by_another_redraft_is_told_and_leaves_nothing_on_the_screen() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        await brought_up(engine)
        scene.backend.pictures.put_nowait(Rollout(0, deleted=True))
        assert await until(engine, e.EnvironmentDeleted) == e.EnvironmentDeleted(elsewhere=True)
        assert engine.state.deleted == "elsewhere"
        assert (engine.state.releases, engine.state.iteration) == ((), None)


@pytest.mark.parametrize("deleted_before", [False, True])
async def test_a_rollout_whose_environment_another_redraft_deletes_has_failed(
    deleted_before: bool,
) -> None:
    gone = Rollout(0, deleted=True)
    scene = Scene(backend=ScriptedBackend(ready=False))
    scene.settings = replace(scene.settings, rollback_on_failure=True)
    scene.read()
    async with scene.engine() as engine:
        if deleted_before:
            scene.backend.pictures.put_nowait(gone)
            await eventually(lambda: engine.state.rollout == gone)
        engine.submit(Up())
        await eventually(lambda: engine.state.rollout and engine.state.rollout.revision == 1)
        scene.backend.recorded.clear()
        scene.backend.pictures.put_nowait(replace(gone))
        subscription = engine.subscribe()
        await until(engine, e.EnvironmentDeleted)
        told = [stamped.event for stamped in subscription.drain()]
    ends = [event for event in told if isinstance(event, e.IterationFinished)]
    assert [event.fault and event.fault.code for event in ends] == ["environment-deleted"]
    assert e.EnvironmentDeleted(elsewhere=True) in told
    assert len(scene.backend.deployed) == 1


class ReplacedBackend(ScriptedBackend):
    """Another redraft brings the environment up anew while the end of a release is recorded."""

    seen: asyncio.Event

    async def record(self, release: Release) -> None:
        self.recorded = {1: replace(release, revision=1, outcome="ready")}
        self.pictures.put_nowait(self.picture(1))
        await self.seen.wait()


async def test_an_environment_deleted_and_brought_up_again_meanwhile_is_there() -> None:
    release = Release(4, Image("app", "aaa"), outcome="ready")
    backend = ReplacedBackend(recorded={4: release}, ready=False, tag="bbb")
    backend.seen = asyncio.Event()
    scene = Scene(backend=backend)
    async with scene.engine() as engine:
        engine.submit(Up())
        await eventually(lambda: engine.state.rollout and engine.state.rollout.revision == 5)
        backend.pictures.put_nowait(Rollout(0, deleted=True))
        await eventually(lambda: engine.state.rollout and engine.state.rollout.revision == 1)
        backend.seen.set()
        ended = await finished(engine)
        assert ended.fault
        assert ended.fault.code == "environment-deleted"
        await eventually(lambda: [r.revision for r in engine.state.releases] == [1])
        assert not engine.state.deleted


async def test_a_deletion_of_ones_own_is_told_once() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        await brought_up(engine)
        engine.submit(Delete())
        await until(engine, e.EnvironmentDeleted)
        scene.backend.pictures.put_nowait(scene.backend.picture(1))
        scene.backend.pictures.put_nowait(Rollout(0, deleted=True))
        await eventually(lambda: engine.state.rollout and engine.state.rollout.deleted)
        assert engine.state.deleted == "here"


async def test_what_was_deleted_before_redraft_opened_is_no_news() -> None:
    release = Release(1, Image("app", "aaa"), outcome="ready")
    scene = Scene(backend=GoneBackend(recorded={1: release}))
    async with scene.engine() as engine:
        await eventually(lambda: engine.state.rollout is not None)
        assert not engine.state.deleted


async def test_a_deletion_is_told_and_nothing_begins_beside_it() -> None:
    hold = asyncio.Event()
    scene = Scene(backend=ScriptedBackend(hold_delete=hold))
    async with scene.engine() as engine:
        engine.submit(Delete())
        await until(engine, e.DeletionStarted)
        assert engine.state.deleting
        assert refusals(engine.state)["up"] == "the environment is being deleted"
        scene.watcher.save("app.py", at_rest=False)
        scene.watcher.save("app.py", told=True)
        await until(engine, e.FilesChanged)
        assert scene.backend.builds_begun == 0
        hold.set()
        assert (await finished(engine)).outcome == "ready"
    assert scene.backend.deleted


async def test_leaving_lets_a_deletion_come_to_its_end() -> None:
    hold = asyncio.Event()
    scene = Scene(backend=ScriptedBackend(hold_delete=hold))
    async with scene.engine() as engine:
        engine.submit(Delete())
        await until(engine, e.DeletionStarted)
        asyncio.get_running_loop().call_soon(hold.set)
    assert engine.state.deleted
    assert scene.backend.deleted


async def test_a_deletion_that_fails_is_told_and_the_environment_goes_on() -> None:
    scene = Scene(backend=ScriptedBackend(fail_delete=FAULT))
    async with scene.engine() as engine:
        await brought_up(engine)
        engine.submit(Delete())
        await until(engine, e.FaultRaised)
        assert not engine.state.deleting
        assert not engine.state.deleted
        scene.backend.tag = "bbb"
        assert (await brought_up(engine)).outcome == "ready"


async def test_waiting_for_another_redraft_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "UNNOTICED", 0.0)
    scene = Scene()
    scene.lock.taken_elsewhere = True
    async with scene.engine() as engine:
        engine.submit(Up())
        noticed = await until(engine, e.Noticed)
        assert isinstance(noticed, e.Noticed)
        assert noticed.text == (
            "waiting: another redraft (process 1) is deploying or deleting this environment"
        )
        scene.lock.taken_elsewhere = False
        assert (await finished(engine)).outcome == "ready"


async def test_a_deletion_has_the_lock_that_iterations_take() -> None:
    hold = asyncio.Event()
    scene = Scene(backend=ScriptedBackend(hold_delete=hold))
    async with scene.engine() as engine:
        engine.submit(Delete())
        await eventually(lambda: scene.lock.held)
        hold.set()
        await until(engine, e.EnvironmentDeleted)
        assert not scene.lock.held


async def test_a_deletion_waits_for_another_redraft_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(locking, "UNNOTICED", 0.0)
    scene = Scene()
    scene.lock.taken_elsewhere = True
    async with scene.engine() as engine:
        engine.submit(Delete())
        noticed = await until(engine, e.Noticed)
        assert isinstance(noticed, e.Noticed)
        assert noticed.text == waiting_for(scene.lock.holder())
        assert engine.state.deleting
        assert not scene.backend.deleted
        scene.lock.taken_elsewhere = False
        await until(engine, e.EnvironmentDeleted)
    assert scene.backend.deleted


async def test_a_deletion_that_another_redraft_does_not_let_begin_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deleting, "PATIENCE", 0.0)
    scene = Scene()
    async with scene.engine() as engine:
        await brought_up(engine)
        scene.lock.taken_elsewhere = True
        engine.submit(Delete())
        raised = await until(engine, e.FaultRaised)
        assert isinstance(raised, e.FaultRaised)
        assert raised.fault.code == "environment-locked"
        assert (engine.state.deleting, engine.state.deleted) == (False, "")
    assert not scene.backend.deleted


async def test_a_history_that_is_kept_goes_where_delete_is_to_purge_it() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        engine.submit(Delete(purge=True))
        await until(engine, e.EnvironmentDeleted)
    assert scene.backend.purged


async def test_a_release_left_pending_is_settled_by_what_serves() -> None:
    backend = ScriptedBackend()
    backend.recorded = {n: Release(n, Image("app", str(n))) for n in (1, 2)}
    async with Scene(backend=backend).engine() as engine:
        await until(engine, e.HistoryLoaded, 3)  # found, looked at under the lock, settled
    assert [release.outcome for release in backend.recorded.values()] == ["interrupted", "ready"]


async def test_watching_that_fails_is_told_and_keys_still_work() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        scene.watcher.groups.put_nowait(FaultError(Fault("project-gone", "the folder is gone")))
        await until(engine, e.WatchFailed)
        assert engine.state.watch.mode == "off"
        assert engine.state.watch.fault is not None
        assert (await brought_up(engine)).outcome == "ready"


async def test_watching_goes_on_when_it_can_and_its_fault_is_told_no_more() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        engine.submit(PauseWatch())
        scene.watcher.groups.put_nowait(FaultError(Fault("project-gone", "the folder is gone")))
        await until(engine, e.WatchFailed)
        scene.repository.now = Commit("c2", "feature")
        scene.watcher.again.set()
        await eventually(lambda: engine.state.watch.mode == "native")
        assert engine.state.watch.fault is None
        assert engine.state.watch.paused
        scene.watcher.save("app.py")
        assert await until(engine, e.ChangesHeld) == e.ChangesHeld("branch-switch", 1)


async def test_build_output_and_outcomes_are_written_among_the_logs() -> None:
    scene = Scene(backend=ScriptedBackend(fail_build=FAULT))
    async with scene.engine() as engine:
        await brought_up(engine)
    messages = [record.message for record in scene.sink.records]
    assert any("iteration 1 failed" in message for message in messages)
    assert "ERROR step-failed: pip failed" in messages
    assert "no such package" in messages


async def test_pruning_after_a_release_is_let_finish_when_redraft_is_left() -> None:
    pruned: list[str] = []

    class Pruning(ScriptedBackend):
        async def prune(self) -> tuple[tuple[str, ...], int]:
            await asyncio.sleep(0.05)
            pruned.append("done")
            return (), 0

    scene = Scene(backend=Pruning())
    async with scene.engine() as engine:
        engine.submit(Up())
        await until(engine, e.IterationFinished)
    assert pruned == ["done"]


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_it_is_pruned_under_the_lock_and_not_while_another_redraft_has_it(
    elsewhere: bool,
) -> None:
    held: list[bool] = []

    class Pruning(ScriptedBackend):
        async def record(self, release: Release) -> None:
            scene.lock.taken_elsewhere = elsewhere  # from the end of this iteration on
            await super().record(release)

        async def prune(self) -> tuple[tuple[str, ...], int]:
            held.append(scene.lock.held)
            return (), 0

    scene = Scene(backend=Pruning())
    async with scene.engine() as engine:
        await brought_up(engine)
    assert held == ([] if elsewhere else [True])
    assert not scene.lock.held


async def test_pruning_that_fails_is_told_and_changes_nothing_of_the_release() -> None:
    class Failing(ScriptedBackend):
        async def prune(self) -> tuple[tuple[str, ...], int]:
            raise FAULT

    async with Scene(backend=Failing()).engine() as engine:
        assert (await brought_up(engine)).outcome == "ready"
        await eventually(lambda: engine.state.faults == (FAULT.fault,))


async def test_a_history_that_another_redraft_began_anew_comes_in_place_of_the_old_one() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        await brought_up(engine)
        scene.backend.tag = "two"
        await brought_up(engine)
        scene.backend.recorded = {1: replace(scene.backend.recorded[1], user="they")}
        scene.backend.pictures.put_nowait(scene.backend.picture(1))
        await eventually(lambda: [release.user for release in engine.state.releases] == ["they"])


async def test_what_another_redraft_releases_comes_into_the_history() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        await brought_up(engine)
        theirs = replace(scene.backend.recorded[1], revision=2, user="they")
        scene.backend.recorded[2] = theirs
        scene.backend.pictures.put_nowait(scene.backend.picture(2))
        await eventually(
            lambda: [release.user for release in engine.state.releases] == ["me", "they"]
        )
