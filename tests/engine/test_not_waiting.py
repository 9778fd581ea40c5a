"""`wait = false`: an iteration ends with the deploy, and the rollout is judged all the same."""

import asyncio
from dataclasses import replace

import pytest

from tests.cluster import eventually
from tests.engine.scripted import Scene, ScriptedBackend, until
from tui.config.environment import Environment
from tui.engine.engine import Engine
from tui.model import events as e
from tui.model.commands import Up
from tui.model.images import Image
from tui.model.releases import Release
from tui.ports.backend import Tell

NOT_WAITING = Environment("development", "app", wait=False)


async def finished(engine: Engine) -> e.IterationFinished:
    """Bring it up, and return how the iteration ended."""
    engine.submit(Up())
    ended = await until(engine, e.IterationFinished)
    assert isinstance(ended, e.IterationFinished)
    return ended


async def test_it_ends_as_deployed_before_anything_is_known_of_the_rollout() -> None:
    scene = Scene(ScriptedBackend(ready=False), settings=NOT_WAITING)
    async with scene.engine() as engine:
        ended = await finished(engine)
        assert (ended.outcome, ended.revision, ended.fault) == ("deployed", 1, None)
        assert engine.state.verdict.outcome == "progressing"
        assert engine.state.releases[-1].outcome == "pending"
    assert scene.backend.recorded[1].outcome == "pending"


@pytest.mark.parametrize(("crash", "outcome"), [(False, "ready"), (True, "failed")])
async def test_its_outcome_goes_into_the_history_once_it_is_decided(
    crash: bool, outcome: str
) -> None:
    scene = Scene(
        ScriptedBackend(crash=crash), settings=replace(NOT_WAITING, rollback_on_failure=True)
    )
    async with scene.engine() as engine:
        assert (await finished(engine)).outcome == "deployed"
        await eventually(lambda: engine.state.releases[-1].outcome == outcome)
    assert len(scene.backend.deployed) == 1


class BegunAnew(ScriptedBackend):
    """Its history begins anew with the first deploy; what is deployed is seen late."""

    async def deploy(self, iteration: int, release: Release, tell: Tell) -> Release:
        begun = {one.revision: one for one in self.deployed}
        numbered = replace(release, revision=max(begun, default=0) + 1)
        self.deployed.append(numbered)
        kept = {revision: self.recorded[revision] for revision in begun}
        self.recorded = {**kept, numbered.revision: numbered}
        return numbered


async def test_it_is_not_settled_by_what_was_seen_before_the_namespace_was_made_anew() -> None:
    backend = BegunAnew(recorded={7: Release(7, Image("app", "old"), outcome="ready")})
    async with Scene(backend, settings=NOT_WAITING).engine() as engine:
        await eventually(lambda: engine.state.rollout)
        assert (await finished(engine)).revision == 1
        for moved in (replace(backend.picture(7), url="http://y"), backend.picture(1)):
            assert backend.recorded[1].outcome == "pending"
            backend.pictures.put_nowait(moved)
            await until(engine, e.RolloutObserved)
        await eventually(lambda: backend.recorded[1].outcome == "ready")


@pytest.mark.parametrize(("seen", "outcome"), [(False, "pending"), (True, "ready")])
@pytest.mark.parametrize("number", [1, 7])
async def test_the_next_one_does_not_settle_it_by_what_was_seen_before_either(
    monkeypatch: pytest.MonkeyPatch, number: int, *, seen: bool, outcome: str
) -> None:
    monkeypatch.setattr("tui.engine.following.OBSERVATION_PATIENCE", 10.0 if seen else 0.05)
    old = Release(number, Image("app", "old"), outcome="ready", started=1000.0)
    backend = BegunAnew(recorded={number: old})
    shown = replace(backend.picture(number), started=old.started)
    backend.pictures.put_nowait(shown)
    async with Scene(backend, settings=NOT_WAITING).engine() as engine:
        await eventually(lambda: engine.state.rollout == shown)
        first = (await finished(engine)).revision
        backend.tag = "bbb"
        engine.submit(Up())
        await until(engine, e.IterationStarted)
        if seen:
            for _ in range(1000):  # it goes as far as it does without having seen it
                await asyncio.sleep(0)
            now = replace(backend.picture(first), started=backend.recorded[first].started)
            backend.pictures.put_nowait(now)
        await until(engine, e.IterationFinished)
        assert [one.image.tag for one in backend.deployed] == ["aaa", "bbb"]
        assert backend.recorded[first].outcome == outcome


class SeenEarly(ScriptedBackend):
    """Its releases are seen as soon as they are begun, and late as they were deployed."""

    async def deploy(self, iteration: int, release: Release, tell: Tell) -> Release:
        numbered = replace(release, revision=len(self.deployed) + 1)
        self.deployed.append(numbered)
        self.recorded[numbered.revision] = numbered
        begun = replace(self.picture(numbered.revision), serving=0, begun=True)
        self.pictures.put_nowait(begun)
        await asyncio.sleep(0.05)
        return numbered


@pytest.mark.parametrize("again", [False, True])
async def test_it_is_not_settled_by_what_was_seen_of_it_while_it_was_only_begun(
    *, again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.engine.following.OBSERVATION_PATIENCE", 10.0)
    backend = SeenEarly()
    async with Scene(backend, settings=NOT_WAITING).engine() as engine:
        await finished(engine)
        await eventually(lambda: engine.state.rollout and engine.state.rollout.begun)
        if again:
            backend.tag = "bbb"
            engine.submit(Up())
            await until(engine, e.IterationStarted)
        for _ in range(1000):  # it goes as far as it does without having seen it deployed
            await asyncio.sleep(0)
        assert backend.recorded[1].outcome == "pending"
        backend.pictures.put_nowait(backend.picture(1))
        await eventually(lambda: backend.recorded[1].outcome == "ready")


async def test_tasks_that_need_the_rollout_are_left_out_and_that_is_told() -> None:
    settings = replace(NOT_WAITING, tasks={"post-up": ("true",)})
    scene = Scene(settings=settings)
    async with scene.engine() as engine:
        await finished(engine)
        assert any("post-up" in text for _, text in engine.state.notices)
    assert scene.runner.ran == []
