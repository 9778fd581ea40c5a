"""Building ahead: what the quiet period after a save is used for, and what nobody hears of."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cluster import eventually
from tests.engine.scripted import FAULT, Scene, ScriptedBackend, until
from tui.config.environment import Environment
from tui.engine.bus import Subscription
from tui.engine.engine import Engine
from tui.model import events as e
from tui.model.changes import Commit
from tui.model.commands import Cancel, DropHeld, PauseWatch, Rollback, Up
from tui.model.images import Image
from tui.model.releases import Release
from tui.ports.backend import Build, Tell

CLOCKS_DIFFER = 0.02
"""Seconds by which the clock of events and that of durations may differ."""


async def brought_up(engine: Engine) -> None:
    """Go round once, to the end of the pruning that follows."""
    engine.submit(Up())
    await until(engine, e.IterationFinished)
    await eventually(lambda: engine._run is None)


async def finished(engine: Engine) -> e.IterationFinished:
    event = await until(engine, e.IterationFinished)
    assert isinstance(event, e.IterationFinished)
    return event


def iterations(subscription: Subscription) -> list[str]:
    """Return what was told of iterations, one word an event."""
    told = [stamped.event for stamped in subscription.drain()]
    return [
        event.outcome if isinstance(event, e.IterationFinished) else type(event).__name__
        for event in told
        if hasattr(event, "iteration")
    ]


async def test_a_save_is_built_in_its_quiet_period_and_told_of_when_that_is_over() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        await brought_up(engine)
        scene.backend.tag = "bbb"
        told = engine.subscribe()
        iterations(told)
        scene.watcher.save("app.py", at_rest=False)
        await eventually(lambda: scene.backend.built == ["aaa", "bbb"])
        assert (iterations(told), scene.backend.deployed[-1].image.tag) == ([], "aaa")
        scene.watcher.save("app.py", told=True)
        assert (await finished(engine)).outcome == "ready"
        assert iterations(told)[:4] == [
            "IterationStarted",
            "StageStarted",
            "StepStarted",
            "StepFinished",
        ]
        assert engine.state.iteration is not None
        assert engine.state.iteration.paths == ("app.py",)
        assert engine.state.iteration.saved
    assert scene.backend.built == ["aaa", "bbb"]
    assert scene.backend.recorded[2].changed == ("app.py",)


async def test_a_build_under_way_when_the_quiet_is_over_goes_on_and_can_be_seen() -> None:
    scene = Scene(backend=ScriptedBackend(hold_build=asyncio.Event()))
    async with scene.engine() as engine:
        scene.watcher.save("app.py", at_rest=False)
        await eventually(lambda: scene.backend.at_once)
        scene.watcher.save("app.py", told=True)
        await until(engine, e.StepStarted)
        assert scene.backend.hold_build is not None
        scene.backend.hold_build.set()
        assert (await finished(engine)).outcome == "ready"
    assert scene.backend.builds_begun == 1


async def test_an_iteration_takes_as_long_as_it_is_told_of() -> None:
    hold = asyncio.Event()
    scene = Scene(backend=ScriptedBackend(fail_build=FAULT, hold_build=hold))
    async with scene.engine() as engine:
        told = engine.subscribe()
        scene.watcher.save("app.py", at_rest=False)
        asyncio.get_running_loop().call_later(10 * CLOCKS_DIFFER, hold.set)
        await eventually(lambda: scene.backend.builds_begun and not scene.lock.held)
        scene.watcher.save("app.py", told=True)
        ended = await finished(engine)
        began, over = (
            next(s.time for s in drained if isinstance(s.event, kind))
            for drained in [told.drain()]
            for kind in (e.IterationStarted, e.IterationFinished)
        )
        assert ended.seconds <= over - began + CLOCKS_DIFFER


async def test_another_change_abandons_what_was_begun_and_nobody_hears_of_it() -> None:
    scene = Scene(backend=ScriptedBackend(hold_build=asyncio.Event()))
    async with scene.engine() as engine:
        told = engine.subscribe()
        scene.watcher.save("app.py", at_rest=False)
        await eventually(lambda: scene.backend.at_once)
        scene.backend.tag, scene.backend.hold_build = "bbb", None
        scene.watcher.save("app.py", "b.py", at_rest=False)
        await eventually(lambda: scene.backend.built)
        scene.watcher.save("app.py", "b.py", told=True)
        ended = await finished(engine)
        assert (ended.iteration, ended.outcome) == (1, "ready")
        assert iterations(told).count("IterationStarted") == 1
    assert scene.backend.built == ["bbb"]


class Tardy(ScriptedBackend):
    """Takes its time to end a build that is cancelled."""

    def __init__(self) -> None:
        super().__init__(hold_build=asyncio.Event())
        self.leaving, self.left = asyncio.Event(), asyncio.Event()

    async def build(self, iteration: int, tell: Tell) -> Build:
        try:
            return await super().build(iteration, tell)
        except asyncio.CancelledError:
            self.leaving.set()
            await self.left.wait()
            raise


async def test_what_is_asked_for_while_a_build_begun_ahead_ends_is_done_as_well() -> None:
    backend = Tardy()
    releases = (Release(n, Image("app", f"v{n}"), outcome="ready") for n in (1, 2))
    backend.recorded = {release.revision: release for release in releases}
    scene = Scene(backend=backend)
    async with scene.engine() as engine:
        scene.watcher.save("app.py", at_rest=False)
        await eventually(lambda: backend.at_once)
        engine.submit(Up())
        await backend.leaving.wait()
        engine.submit(Rollback())
        backend.left.set()
        await eventually(lambda: backend.deployed)
    assert backend.deployed[0].rollback_of == 1


async def test_what_was_begun_before_the_last_change_is_not_what_is_deployed() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        scene.watcher.save("app.py", at_rest=False)
        await eventually(lambda: scene.backend.built)
        scene.backend.tag = "bbb"
        scene.watcher.save("app.py", told=False)
        assert (await finished(engine)).outcome == "ready"
    assert [release.image.tag for release in scene.backend.deployed] == ["bbb"]


async def test_what_came_and_went_leaves_nothing_under_way() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        told = engine.subscribe()
        scene.watcher.save("app.py~", at_rest=False)
        await eventually(lambda: scene.lock.held and scene.backend.built)
        scene.watcher.save(told=True)
        await eventually(lambda: not scene.lock.held)
        assert iterations(told) == []
        await brought_up(engine)
        assert engine.state.iteration is not None
        assert engine.state.iteration.number == 1


async def test_a_failure_is_told_once_the_quiet_is_over_and_only_then() -> None:
    scene = Scene(backend=ScriptedBackend(fail_build=FAULT))
    async with scene.engine() as engine:
        told = engine.subscribe()
        scene.watcher.save("app.py", at_rest=False)
        await eventually(lambda: scene.backend.builds_begun and not scene.lock.held)
        assert iterations(told) == []
        scene.watcher.save("app.py", told=True)
        ended = await finished(engine)
        assert (ended.outcome, ended.fault) == ("failed", FAULT.fault)
    assert scene.backend.builds_begun == 1


async def test_an_unchanged_tree_is_told_as_ever() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        await brought_up(engine)
        scene.watcher.save("app.py", at_rest=False)
        scene.watcher.save("app.py", told=True)
        assert (await finished(engine)).outcome == "unchanged"


async def test_nothing_is_built_ahead_that_would_be_held() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        await brought_up(engine)
        scene.repository.now = Commit("c2", "other")
        scene.watcher.save("app.py", at_rest=False)
        scene.watcher.save("app.py", told=True)
        await until(engine, e.ChangesHeld)
        engine.submit(DropHeld())
        engine.submit(PauseWatch())
        scene.watcher.save("app.py", at_rest=False)
        scene.watcher.save("app.py", told=True)
        await until(engine, e.ChangesHeld)
    assert scene.backend.builds_begun == 1


async def test_a_branch_switch_told_late_holds_what_was_begun() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        await brought_up(engine)
        scene.watcher.save("app.py", at_rest=False)
        await eventually(lambda: scene.backend.builds_begun == 2)
        scene.repository.now = Commit("c2", "other")
        scene.watcher.save("app.py", told=True)
        held = await until(engine, e.ChangesHeld)
        assert isinstance(held, e.ChangesHeld)
        assert held.reason == "branch-switch"
        await eventually(lambda: not scene.lock.held)
    assert len(scene.backend.deployed) == 1


async def test_the_users_tasks_do_not_run_ahead() -> None:
    scene = Scene(settings=Environment("development", "app", tasks={"pre-up": ("make",)}))
    async with scene.engine() as engine:
        scene.watcher.save("app.py", at_rest=False)
        await eventually(lambda: scene.lock.held)
        assert scene.runner.ran == []
        scene.watcher.save("app.py", told=True)
        assert (await finished(engine)).outcome == "ready"
    assert [command for command, _ in scene.runner.ran] == ["make"]


@pytest.mark.parametrize("command", [Up(), Rollback(1)])
async def test_a_command_in_the_quiet_period_is_obeyed_at_once(command: Up | Rollback) -> None:
    scene = Scene()
    async with scene.engine() as engine:
        await brought_up(engine)
        scene.backend.tag = "bbb"
        await brought_up(engine)
        scene.backend.hold_build = asyncio.Event()
        scene.watcher.save("app.py", at_rest=False)
        await eventually(lambda: scene.backend.at_once)
        scene.backend.tag, scene.backend.hold_build = "ccc", None
        engine.submit(command)
        assert (await finished(engine)).outcome == "ready"
    wanted = "ccc" if isinstance(command, Up) else "aaa"
    assert scene.backend.deployed[-1].image.tag == wanted


async def test_leaving_in_the_quiet_period_leaves_nothing_under_way() -> None:
    scene = Scene(backend=ScriptedBackend(hold_build=asyncio.Event()))
    async with scene.engine():
        scene.watcher.save("app.py", at_rest=False)
        await eventually(lambda: scene.backend.at_once)
    assert (scene.backend.at_once, scene.lock.held) == (0, False)


@pytest.mark.parametrize("turns", range(8))
async def test_an_iteration_cancelled_however_early_does_not_stop_the_loop(turns: int) -> None:
    scene = Scene()
    async with scene.engine() as engine:
        scene.watcher.save("app.py", at_rest=False)
        await eventually(lambda: scene.backend.built)
        scene.watcher.save("app.py", told=True)
        for _ in range(turns):
            await asyncio.sleep(0)
        engine.submit(Cancel())
        scene.backend.tag = "bbb"
        engine.submit(Up())
        async with asyncio.timeout(5):
            while not scene.backend.deployed or scene.backend.deployed[-1].image.tag != "bbb":
                await finished(engine)


steps = st.lists(
    st.sampled_from(["grow", "rest", "nothing", "up", "cancel", "turn", "build"]), max_size=12
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_whatever_happens_the_last_save_is_deployed_and_all_told_in_order(order: list[str]) -> None:
    asyncio.run(happens(order))


async def happens(order: list[str]) -> None:
    hold = asyncio.Event()
    scene = Scene(backend=ScriptedBackend(hold_build=hold))
    backend = scene.backend
    async with scene.engine() as engine:
        told = engine.subscribe()
        for number, step in enumerate(order):
            match step:
                case "grow" | "rest":
                    backend.tag = f"tag{number}"
                    scene.watcher.save("app.py", at_rest=step == "rest")
                case "nothing":
                    scene.watcher.save(told=True)
                case "up" | "cancel":
                    engine.submit(Up() if step == "up" else Cancel())
                case "build":
                    hold.set()
                    hold = backend.hold_build = asyncio.Event()
            await asyncio.sleep(0)
        hold.set()
        backend.hold_build, backend.tag = None, "last"
        scene.watcher.save("app.py")
        await eventually(lambda: backend.deployed and backend.deployed[-1].image.tag == "last")
        await eventually(lambda: not scene.lock.held)
        words = [w for w in iterations(told) if w in ENDS or w == "IterationStarted"]
    assert words[::2] == ["IterationStarted"] * len(words[::2])
    assert len(words) % 2 == 0


ENDS = {"ready", "failed", "superseded", "aborted", "interrupted", "unchanged", "deployed"}
