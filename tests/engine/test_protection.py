"""A protected place: nothing is built or deployed there before its name was typed."""

import pytest

from tests.engine.scripted import Scene, ScriptedBackend, refusal_of, until
from tui.model import events as e
from tui.model.commands import Command, ConfirmName, Delete, Rollback, Up
from tui.model.places import Place, Protection

PROTECTED = Place("prod", "shop", Protection("prod", "its context is not local"))


def protected_scene() -> Scene:
    return Scene(backend=ScriptedBackend(stands=PROTECTED))


@pytest.mark.parametrize("command", [Up(), Rollback(), Delete()])
async def test_what_would_change_it_is_refused_with_the_reason(command: Command) -> None:
    scene = protected_scene()
    async with scene.engine() as engine:
        assert "its context is not local" in refusal_of(engine, command)
    assert scene.backend.built == []
    assert not scene.backend.deleted


async def test_a_wrong_name_opens_nothing() -> None:
    scene = protected_scene()
    async with scene.engine() as engine:
        assert refusal_of(engine, ConfirmName("staging")) == "the name is prod"
        assert engine.state.protection is not None


async def test_saves_wait_and_are_built_once_the_name_was_typed() -> None:
    scene = protected_scene()
    async with scene.engine() as engine:
        scene.watcher.save("app.py")
        held = await until(engine, e.ChangesHeld)
        assert held == e.ChangesHeld("protected", 1)
        engine.submit(ConfirmName("prod"))
        ended = await until(engine, e.IterationFinished)
        assert isinstance(ended, e.IterationFinished)
        assert ended.outcome == "ready"
        assert engine.state.protection is None
        assert engine.state.watch.held is None
