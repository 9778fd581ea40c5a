"""draft.toml changed while redraft is open: what is taken over, what is told and what stays."""

from dataclasses import replace

import pytest

from tests.cluster import eventually
from tests.engine.scripted import Scene, refusal_of, until
from tests.engine.test_connecting import OPEN, ConnectingBackend
from tui.config.environment import Environment
from tui.engine.adopting import changed_keys
from tui.engine.engine import Engine
from tui.model import events as e
from tui.model.changes import Change
from tui.model.commands import ConfirmName, Connect, Delete, PauseWatch, Up
from tui.model.faults import Fault, FaultError
from tui.model.permissions import refusals
from tui.model.places import Place, Protection
from tui.ports.watching import Group

PLAIN = Environment("development", "app")
WRONG = FaultError(
    Fault("config-unknown-key", "no key `prot`", "usage", place="draft.toml:4", remedy="`port`?")
)
LOCKED = Place("here", protection=Protection("development", "draft.toml marks it as protected"))


async def saved(scene: Scene, engine: Engine, **keys: object) -> e.Event:
    """Save draft.toml with other values; return the event that tells of it."""
    scene.settings = replace(scene.settings, **keys)  # type: ignore[arg-type]
    scene.watcher.save("draft.toml")
    return await until(engine, e.SettingsChanged)


async def test_new_values_are_told_by_their_keys_and_the_state_follows() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        scene.environments = ("development", "staging")
        told = await saved(scene, engine, name="shop", pack="python", watch_delay=2.0)
        assert told == e.SettingsChanged(
            "shop",
            ("development", "staging"),
            "python",
            keys=("name", "pack", "watch-delay"),
        )
        state = engine.state
        assert (state.name, state.pack, state.environments) == (
            "shop",
            "python",
            ("development", "staging"),
        )
        assert scene.watcher.quiet == 2.0


async def test_a_save_of_another_file_reads_no_settings() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        scene.settings = replace(PLAIN, name="shop")
        scene.watcher.save("app.py")
        await until(engine, e.IterationFinished)
        assert scene.now.environment == PLAIN


async def test_a_file_that_is_wrong_is_told_and_what_was_said_before_stays() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        scene.unreadable, scene.environments = WRONG, ()
        scene.watcher.save("draft.toml")
        await until(engine, e.SettingsRefused)
        assert engine.state.settings_fault == WRONG.fault
        assert engine.state.name == "app"
        assert scene.now.environment == PLAIN
        scene.unreadable, scene.environments = None, ("development",)
        scene.watcher.save("draft.toml")
        assert await until(engine, e.SettingsChanged) == e.SettingsChanged("app", ("development",))
        assert engine.state.settings_fault is None


async def test_the_environments_of_a_file_without_this_one_can_be_chosen() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        missing = Fault("environment-missing", "draft.toml has no environment 'development'")
        scene.unreadable, scene.environments = FaultError(missing), ("staging",)
        scene.watcher.save("draft.toml")
        await until(engine, e.SettingsRefused)
        assert engine.state.environments == ("staging",)
        assert not refusals(engine.state)["environment"]


async def test_watching_pauses_and_goes_on_as_the_file_says() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        await saved(scene, engine, watch=False)
        await eventually(lambda: engine.state.watch.paused)
        await saved(scene, engine, watch=True)
        await eventually(lambda: not engine.state.watch.paused)


async def test_what_the_user_paused_goes_on_only_when_the_file_comes_to_say_so() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        engine.submit(PauseWatch())
        await saved(scene, engine, replicas=2)
        assert engine.state.watch.paused


async def test_a_wait_and_a_rollback_that_the_file_comes_to_ask_for_hold_for_that_very_save() -> (
    None
):
    scene = Scene()
    async with scene.engine() as engine:
        await until_ready(engine)
        scene.backend.tag, scene.backend.crash = "bbb", True
        await saved(scene, engine, rollback_on_failure=True)
        await eventually(lambda: len(scene.backend.deployed) == 3)
        assert scene.backend.deployed[2].rollback_of == 1


async def until_ready(engine: Engine) -> None:
    engine.submit(Up())
    await until(engine, e.IterationFinished)


@pytest.mark.parametrize(("keys", "builds"), [({"replicas": 2}, 2), ({}, 1)])
async def test_an_ignored_file_counts_when_it_says_something_new(
    keys: dict[str, object], builds: int
) -> None:
    scene = Scene()
    async with scene.engine() as engine:
        await until_ready(engine)
        scene.settings = replace(PLAIN, **keys)  # type: ignore[arg-type]
        ignored = Change("draft.toml", "modified", ".dockerignore:9")
        scene.watcher.groups.put_nowait(Group((ignored,), at_rest=True))
        await until(engine, e.FilesChanged)
        scene.watcher.groups.put_nowait(Group((replace(ignored, path="x.log"),), at_rest=True))
        await until(engine, e.FilesChanged)
        await eventually(lambda: len(scene.backend.built) == builds)


async def test_a_place_that_becomes_protected_asks_for_its_name_at_once() -> None:
    scene = Scene()
    async with scene.engine() as engine:
        scene.backend.stands = LOCKED
        await saved(scene, engine, protected=True)
        await eventually(lambda: engine.state.watch.held == "protected")
        assert "protected" in refusal_of(engine, Delete())
        assert scene.backend.built == []


async def test_a_name_that_was_typed_is_not_asked_for_again_by_other_settings() -> None:
    scene = Scene()
    scene.backend.stands = LOCKED
    scene.__post_init__()
    async with scene.engine() as engine:
        engine.submit(ConfirmName("development"))
        await saved(scene, engine, replicas=2)
        assert engine.state.protection is None
        assert refusal_of(engine, Delete()) == ""


async def test_what_was_held_for_its_protection_goes_on_when_that_is_lifted() -> None:
    scene = Scene(settings=replace(PLAIN, protected=True))
    scene.backend.stands = LOCKED
    scene.__post_init__()
    async with scene.engine() as engine:
        scene.watcher.save("app.py")
        await until(engine, e.ChangesHeld)
        scene.backend.stands = Place("here")
        await saved(scene, engine, protected=False)
        await until(engine, e.IterationFinished)
        assert engine.state.watch.held is None


async def test_open_ports_are_opened_anew_for_others_and_only_for_them() -> None:
    backend = ConnectingBackend()
    async with Scene(backend=backend).engine() as engine:
        scene = engine._environs.means.settings
        assert isinstance(scene, Scene)
        backend.told.put_nowait(OPEN)
        engine.submit(Connect())
        await until(engine, e.ConnectionsChanged)
        await saved(scene, engine, replicas=2)
        assert backend.closed == 0
        await saved(scene, engine, override_ports=("9090:80",))
        await eventually(lambda: backend.closed == 1)
        backend.told.put_nowait(replace(OPEN, local=9090))
        await eventually(lambda: engine.state.url == "http://127.0.0.1:9090")


async def test_a_connection_that_the_file_comes_to_ask_for_is_opened() -> None:
    backend = ConnectingBackend()
    backend.told.put_nowait(OPEN)
    scene = Scene(backend=backend)
    async with scene.engine() as engine:
        await saved(scene, engine, auto_connect=True)
        await eventually(lambda: engine.state.connections == (OPEN,))


def test_keys_are_told_as_the_file_spells_them() -> None:
    assert changed_keys(PLAIN, PLAIN) == ()
    assert changed_keys(PLAIN, replace(PLAIN, override_ports=("1:2",), env={"A": "secret"})) == (
        "env",
        "override-ports",
    )
