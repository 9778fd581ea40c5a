"""What becomes of releases whose redraft died, or lost its way, before their verdict."""

import asyncio
from dataclasses import replace

import pytest

from tests.cluster import eventually
from tests.engine.scripted import FAULT, Scene, ScriptedBackend, until
from tui.engine.engine import Engine
from tui.model import events as e
from tui.model.commands import Up
from tui.model.images import Image
from tui.model.releases import Release
from tui.model.rollouts import Rollout

PENDING = Release(1, Image("app", "aaa"))


async def test_the_verdict_on_a_release_that_is_rolling_out_is_waited_for() -> None:
    backend = ScriptedBackend(ready=False)
    backend.recorded = {1: PENDING}
    async with Scene(backend=backend).engine() as engine:
        await until(engine, e.RolloutObserved)
        assert backend.recorded == {1: PENDING}
        backend.ready = True
        backend.pictures.put_nowait(backend.picture(1))
        await eventually(lambda: backend.recorded[1].outcome == "ready")


class Unseen(ScriptedBackend):
    """Does not see what runs, at first."""

    reached = False

    def picture(self, revision: int) -> Rollout:
        seen = super().picture(revision)
        return seen if self.reached else replace(seen, serving=0, lost_since=1.0)


async def test_nothing_is_settled_while_nothing_can_be_seen() -> None:
    backend = Unseen()
    backend.recorded = {1: PENDING, 2: replace(PENDING, revision=2)}
    async with Scene(backend=backend).engine() as engine:
        await until(engine, e.RolloutObserved)
        assert {release.outcome for release in backend.recorded.values()} == {"pending"}
        backend.reached = True
        backend.pictures.put_nowait(backend.picture(2))
        await eventually(lambda: outcomes(backend) == ["interrupted", "ready"])


async def test_settling_takes_the_lock_from_no_iteration() -> None:
    scene = Scene(backend=ScriptedBackend(hold_build=asyncio.Event()))
    scene.backend.recorded = {1: PENDING}
    async with scene.engine() as engine:
        engine.submit(Up())
        await eventually(lambda: scene.backend.builds_begun)
        await eventually(lambda: scene.backend.recorded[1].outcome == "ready")
        assert scene.lock.held
        assert scene.backend.hold_build is not None
        scene.backend.hold_build.set()
        await eventually(lambda: outcome(engine) is not None)
        await eventually(lambda: "settling old releases" not in names_of_tasks())
        assert not scene.lock.held


async def test_an_up_does_not_wait_until_what_another_left_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.engine.following.OBSERVATION_PATIENCE", 60.0)
    backend = ScriptedBackend(ready=False)
    backend.recorded = {1: replace(PENDING, started=2.0)}
    scene = Scene(backend=backend)
    shown = replace(backend.picture(1), started=2.0, begun=True)
    monkeypatch.setattr(backend, "picture", lambda revision: shown)
    async with scene.engine() as engine:
        await eventually(lambda: "settling old releases" in names_of_tasks())
        await until(engine, e.RolloutObserved)
        for _ in range(1000):  # it goes as far as it does without having seen more
            await asyncio.sleep(0)
        assert not scene.lock.held


def outcomes(backend: ScriptedBackend) -> list[str]:
    return [one.outcome for one in backend.recorded.values()]


class Slow(ScriptedBackend):
    """Takes its time to record an outcome, and knows how many it records at once."""

    within = most = 0

    async def record(self, release: Release) -> None:
        self.within += 1
        self.most = max(self.most, self.within)
        for _ in range(100):
            await asyncio.sleep(0)
        await super().record(release)
        self.within -= 1


async def test_an_iteration_and_what_settles_beside_it_record_in_turn() -> None:
    backend = Slow()
    backend.recorded = {1: PENDING}
    async with Scene(backend=backend).engine() as engine:
        engine.submit(Up())
        await eventually(lambda: outcome(engine) is not None)
        await eventually(lambda: "settling old releases" not in names_of_tasks())
    assert backend.recorded[1].outcome == "ready"
    assert backend.most == 1


def names_of_tasks() -> set[str]:
    return {task.get_name() for task in asyncio.all_tasks()}


class Forgetful(ScriptedBackend):
    """Cannot record outcomes, for a while."""

    reached = False

    async def record(self, release: Release) -> None:
        if not self.reached:
            raise FAULT
        await super().record(release)


def outcome(engine: Engine) -> str | None:
    return engine.state.iteration.outcome if engine.state.iteration else None


async def test_an_outcome_that_cannot_be_recorded_is_told_and_settled_by_the_next() -> None:
    backend = Forgetful()
    async with Scene(backend=backend).engine() as engine:
        engine.submit(Up())
        told = await until(engine, e.FaultRaised)
        assert told == e.FaultRaised(FAULT.fault)
        await eventually(lambda: outcome(engine) == "ready")
        assert backend.recorded[1].outcome == "pending"
        backend.reached = True
        engine.submit(Up())
        await eventually(lambda: backend.recorded[1].outcome == "ready")


class Outlived(ScriptedBackend):
    """What was begun is asked for as a whole behind the redraft that died, which is seen late."""

    async def record(self, release: Release) -> None:
        told = self.recorded[release.revision]
        if told.outcome == "pending" and release.outcome == "interrupted":
            return
        await super().record(release)


async def test_what_went_on_behind_a_dead_redraft_is_settled_by_a_later_picture() -> None:
    backend = Outlived()
    backend.recorded = {1: replace(PENDING, outcome="ready"), 2: replace(PENDING, revision=2)}
    begun = replace(backend.picture(2), serving=1, begun=True)
    backend.picture = lambda revision: begun  # type: ignore[method-assign]
    async with Scene(backend=backend).engine() as engine:
        await until(engine, e.HistoryLoaded, 3)
        assert backend.recorded[2].outcome == "pending"
        backend.pictures.put_nowait(replace(begun, serving=2, begun=False))
        await eventually(lambda: backend.recorded[2].outcome == "ready")


class OutlivedOnce(ScriptedBackend):
    """Finds out, as it is to record an interruption, that the release was asked for after all."""

    found_out = False

    async def record(self, release: Release) -> None:
        if release.outcome == "interrupted" and not self.found_out:
            self.found_out = True
            return
        await super().record(release)


async def test_what_rolls_out_behind_a_dead_redraft_is_over_once_something_else_is_deployed() -> (
    None
):
    backend = OutlivedOnce(tag="bbb", ready=False)
    backend.recorded = {1: replace(PENDING, outcome="ready"), 2: replace(PENDING, revision=2)}
    async with Scene(backend=backend).engine() as engine:
        engine.submit(Up())
        await eventually(lambda: backend.deployed)
    assert backend.found_out
    assert backend.recorded[2].outcome == "interrupted"


async def test_what_was_only_begun_is_interrupted() -> None:
    backend = ScriptedBackend()
    backend.recorded = {1: replace(PENDING, outcome="ready"), 2: replace(PENDING, revision=2)}
    begun = replace(backend.picture(2), serving=1, begun=True)
    backend.picture = lambda revision: begun  # type: ignore[method-assign]
    async with Scene(backend=backend).engine():
        await eventually(lambda: backend.recorded[2].outcome == "interrupted")


async def test_an_iteration_ends_when_another_redraft_overtakes_its_rollout() -> None:
    backend = ScriptedBackend(ready=False)
    async with Scene(backend=backend).engine() as engine:
        engine.submit(Up())
        await until(engine, e.ReleaseStarted)
        backend.pictures.put_nowait(backend.picture(2))
        ended = await until(engine, e.IterationFinished)
        assert isinstance(ended, e.IterationFinished)
        assert (ended.outcome, ended.revision, ended.fault) == ("superseded", 1, None)
        assert backend.recorded[1].outcome == "superseded"
