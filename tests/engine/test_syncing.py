"""Syncing: what is copied, when an iteration comes instead, and what runs in the end."""

import asyncio
from dataclasses import dataclass, field, replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.cluster import eventually
from tests.engine.scripted import FAULT, Scene, ScriptedBackend, until
from tui.config.environment import Environment, Sync
from tui.engine.engine import Engine
from tui.model import events as e
from tui.model.commands import Command, PauseWatch, ResumeWatch, Rollback, Up
from tui.model.faults import FaultError
from tui.model.images import Image
from tui.model.places import Place, Protection
from tui.model.releases import Release, ReleaseSpec
from tui.model.rollouts import Rollout
from tui.model.synced import Incarnation
from tui.model.syncing import SyncFile
from tui.ports.backend import Build, Tell

Steps = list[tuple[object, bool]]
PAGES = Environment("development", "app", "docker", sync=(Sync("pages/**", "/srv"),))
Tree = dict[str, int]


@dataclass
class SyncingBackend(ScriptedBackend):
    """Runs what it builds of a tree in one container that files can be copied into."""

    tree: Tree = field(default_factory=lambda: {"app.py": 1, "pages/a": 1, "pages/b": 1})
    images: dict[str, Tree] = field(default_factory=dict)
    runs: Tree = field(default_factory=dict)
    """What the container holds."""
    started: float = 1.0
    fail_sync: FaultError | None = None
    hold_sync: asyncio.Event | None = None
    syncs: int = 0

    async def build(self, iteration: int, tell: Tell) -> Build:
        self.tag = " ".join(f"{path}={version}" for path, version in sorted(self.tree.items()))
        self.images[self.tag] = dict(self.tree)
        return await super().build(iteration, tell)

    def picture(self, revision: int) -> Rollout:
        self.started += 1
        self.runs = dict(self.images[self.recorded[revision].image.tag])
        return self.now(revision)

    def now(self, revision: int) -> Rollout:
        seen = super().picture(revision)
        (pod,) = seen.pods
        image = self.recorded[revision].image.reference
        one = replace(pod.containers[0], started=self.started, image=image, running=True)
        return replace(seen, pods=(replace(pod, containers=(one,)),))

    def restart(self) -> None:
        """Have the container begin anew, from its image."""
        self.pictures.put_nowait(self.picture(max(self.recorded)))

    async def sync(self, into: tuple[Incarnation, ...], files: tuple[SyncFile, ...]) -> None:
        self.syncs += 1
        if self.hold_sync is not None:
            await self.hold_sync.wait()
        for file in files:
            if self.fail_sync is not None:
                raise self.fail_sync
            self.runs[file.path] = self.tree[file.path]


def scene_of(**backend: object) -> tuple[Scene, SyncingBackend]:
    one = SyncingBackend(**backend)  # type: ignore[arg-type]
    return Scene(backend=one, settings=PAGES), one


def save(scene: Scene, *paths: str, at_rest: bool = True) -> None:
    assert isinstance(scene.backend, SyncingBackend)
    for path in paths:
        scene.backend.tree[path] += 1
    scene.watcher.save(*paths, at_rest=at_rest)


async def brought_up(engine: Engine) -> None:
    engine.submit(Up())
    await until(engine, e.IterationFinished)
    await eventually(lambda: engine._run is None and engine.state.verdict.outcome == "ready")


async def test_a_save_that_rules_match_is_copied_and_no_release() -> None:
    scene, backend = scene_of()
    async with scene.engine() as engine:
        await brought_up(engine)
        save(scene, "pages/a", "pages/b")
        told = await until(engine, e.FilesSynced)
        assert isinstance(told, e.FilesSynced)
        assert told.paths == ("pages/a", "pages/b")
        assert [one.pod for one in told.into] == ["app-1"]
        assert engine.state.releases[-1].synced
    assert backend.runs == backend.tree
    assert (len(backend.built), len(backend.deployed)) == (1, 1)
    assert backend.recorded[1].synced
    assert not scene.lock.held


async def test_one_file_without_a_rule_has_all_built() -> None:
    scene, backend = scene_of()
    async with scene.engine() as engine:
        await brought_up(engine)
        save(scene, "pages/a", "app.py")
        await until(engine, e.IterationFinished)
    assert (backend.syncs, len(backend.deployed)) == (0, 2)


async def test_a_save_that_will_be_copied_is_not_built_ahead() -> None:
    scene, backend = scene_of()
    async with scene.engine() as engine:
        await brought_up(engine)
        save(scene, "pages/a", at_rest=False)
        scene.watcher.save("pages/a")
        await until(engine, e.FilesSynced)
    assert backend.builds_begun == 1


async def test_what_was_begun_ahead_is_abandoned_when_the_save_is_copied_after_all() -> None:
    scene, backend = scene_of()
    async with scene.engine() as engine:
        await brought_up(engine)
        backend.hold_build = asyncio.Event()
        scene.watcher.save("pages/a", "4913", at_rest=False)
        await eventually(lambda: backend.at_once)
        scene.watcher.save("pages/a")
        await until(engine, e.FilesSynced)
        assert backend.at_once == 0
    assert len(backend.deployed) == 1


async def test_a_failed_copy_is_told_and_the_tree_is_built() -> None:
    scene, backend = scene_of(fail_sync=FAULT)
    async with scene.engine() as engine:
        await brought_up(engine)
        save(scene, "pages/a")
        failed = await until(engine, e.SyncFailed)
        assert failed == e.SyncFailed(1, FAULT.fault)
        await until(engine, e.IterationFinished)
        assert [row.result for row in engine.state.changes] == ["built"]
    assert backend.runs == backend.tree
    assert len(backend.deployed) == 2


async def test_a_mistake_of_ours_is_told_and_the_tree_is_built() -> None:
    scene, backend = scene_of()
    async with scene.engine() as engine:
        await brought_up(engine)
        scene.watcher.save("pages/unknown")
        failed = await until(engine, e.SyncFailed)
        assert isinstance(failed, e.SyncFailed)
        assert failed.fault.code == "internal-error"
        await until(engine, e.IterationFinished)
    assert backend.runs == backend.tree


async def test_another_redraft_at_work_has_the_tree_built_after_it() -> None:
    scene, backend = scene_of()
    async with scene.engine() as engine:
        await brought_up(engine)
        backend.recorded[1] = replace(backend.recorded[1], synced=True)
        save(scene, "pages/a")
        failed = await until(engine, e.SyncFailed)
        assert isinstance(failed, e.SyncFailed)
        assert failed.fault.code == "sync-overtaken"
        await until(engine, e.IterationFinished)
    assert (backend.syncs, len(backend.deployed)) == (0, 2)


async def test_a_container_that_starts_anew_has_the_tree_built() -> None:
    scene, backend = scene_of()
    async with scene.engine() as engine:
        await brought_up(engine)
        save(scene, "pages/a")
        await until(engine, e.FilesSynced)
        backend.restart()
        lost = await until(engine, e.SyncedFilesLost)
        assert lost == e.SyncedFilesLost(1, ("pages/a",), ("app-1",))
        await until(engine, e.IterationFinished)
    assert backend.runs == backend.tree
    assert backend.recorded[2].trigger == "save"


async def test_what_a_container_lost_waits_while_watching_is_paused() -> None:
    scene, backend = scene_of()
    async with scene.engine() as engine:
        await brought_up(engine)
        save(scene, "pages/a")
        await until(engine, e.FilesSynced)
        engine.submit(PauseWatch())
        backend.restart()
        assert await until(engine, e.ChangesHeld) == e.ChangesHeld("paused", 1)
        engine.submit(ResumeWatch())
        await until(engine, e.IterationFinished)
    assert backend.runs == backend.tree


async def test_a_save_while_files_are_copied_is_copied_after_them() -> None:
    scene, backend = scene_of(hold_sync=asyncio.Event())
    async with scene.engine() as engine:
        await brought_up(engine)
        save(scene, "pages/a")
        await eventually(lambda: backend.syncs)
        save(scene, "pages/b")
        assert backend.hold_sync is not None
        await eventually(lambda: engine._inbox.paths)
        backend.hold_sync.set()
        await until(engine, e.FilesSynced, 2)
        assert engine.state.synced.paths == ("pages/a", "pages/b")
    assert backend.runs == backend.tree


async def test_leaving_while_files_are_copied_ends_it() -> None:
    scene, backend = scene_of(hold_sync=asyncio.Event())
    async with scene.engine() as engine:
        await brought_up(engine)
        save(scene, "pages/a")
        await eventually(lambda: backend.syncs)
    assert not scene.lock.held


async def test_nothing_is_copied_into_a_place_that_is_protected() -> None:
    stands = Place("prod", "shop", Protection("prod", "its context is not local"))
    scene, backend = scene_of(stands=stands)
    backend.recorded[1] = released(backend)
    async with scene.engine() as engine:
        save(scene, "pages/a")
        await until(engine, e.ChangesHeld)
    assert backend.syncs == 0


def released(backend: SyncingBackend) -> Release:
    image = Image("app", "aaa")
    backend.images["aaa"] = dict(backend.tree)
    return Release(1, image, ReleaseSpec(), outcome="ready")


async def test_an_up_that_finds_the_images_tree_again_deploys_it_all_the_same() -> None:
    scene, backend = scene_of()
    async with scene.engine() as engine:
        await brought_up(engine)
        save(scene, "pages/a")
        await until(engine, e.FilesSynced)
        backend.tree["pages/a"] -= 1
        engine.submit(Up())
        ended = await until(engine, e.IterationFinished)
        assert isinstance(ended, e.IterationFinished)
        assert (ended.outcome, ended.revision) == ("ready", 2)
        assert backend.runs == backend.tree
        engine.submit(Up())
        ended = await until(engine, e.IterationFinished)
        assert isinstance(ended, e.IterationFinished)
        assert ended.outcome == "unchanged"


COMMANDS: dict[str, Command] = {
    "up": Up(),
    "rollback": Rollback(),
    "pause": PauseWatch(),
    "resume": ResumeWatch(),
}
PAGES_ONLY = st.lists(st.sampled_from(("pages/a", "pages/b")), min_size=1, unique=True)
STEPS = st.one_of(
    PAGES_ONLY,
    st.lists(st.sampled_from(("app.py", "pages/a")), min_size=1, unique=True),
    st.sampled_from(("restart", "restart", "fail", *COMMANDS)),
)
RESTS = st.booleans()
"""Whether all comes to rest after a step."""


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(STEPS, RESTS), max_size=8))
@example([(["pages/a"], True), ("restart", True)])
def test_whatever_happens_what_runs_in_the_end_is_the_tree(steps: Steps) -> None:
    asyncio.run(carried_out(steps))


async def carried_out(steps: Steps) -> None:
    scene, backend = scene_of()
    async with scene.engine() as engine:
        await brought_up(engine)
        for step, rests in steps:
            match step:
                case "restart":
                    backend.restart()
                case "fail":
                    backend.fail_sync = None if backend.fail_sync else FAULT
                case str(verb):
                    engine.submit(COMMANDS[verb])
                case list(paths):
                    save(scene, *paths)
            await (at_rest(engine) if rests else asyncio.sleep(0))
        engine.submit(ResumeWatch())
        await at_rest(engine)
        if ("rollback", True) in steps or ("rollback", False) in steps:
            engine.submit(Up())  # going back left the tree aside
            await at_rest(engine)
    assert backend.runs == backend.tree


async def at_rest(engine: Engine) -> None:
    """Wait until nothing is going on or waits to be done."""
    for _ in range(20):  # rounds of the loop in which something new may begin
        await eventually(lambda: resting(engine))
        await asyncio.sleep(0)


def resting(engine: Engine) -> bool:
    inbox = engine._inbox
    waits = inbox.wanted or (inbox.paths and not inbox.paused)
    busy = engine._run is not None or engine._kick.is_set() or waits
    rows = {row.result for row in engine.state.changes}
    return not (busy or "syncing" in rows or (rows & {"waiting"} and not inbox.paused))
