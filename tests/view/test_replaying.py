"""The cockpit on a recorded run: it plays, pauses, steps, and changes nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.view import situations
from tests.view.scripted import START, ScriptedEngine, ScriptedScaffolder
from tests.view.stage import PROJECT, Stage
from tui.engine.replaying import Player
from tui.model.events import Stamped
from tui.view.replaying import ReplayCockpit
from tui.view.session import Session


@asynccontextmanager
async def replayed(size: tuple[int, int] = (120, 36)) -> AsyncIterator[tuple[Stage, Player]]:
    """Open the cockpit on a run that waits to be played."""
    told = situations.CRASHING
    run = [Stamped(n, START + after, event) for n, (after, event) in enumerate(told, start=1)]
    player = Player(run)
    app = ReplayCockpit(Session(PROJECT, "development", engine=player, player=player), player)
    async with app.run_test(size=size, notifications=True) as pilot:
        stage = Stage(app, pilot, ScriptedEngine(), ScriptedScaffolder())
        await stage.until(lambda: app.query("#logs"))
        yield stage, player
    assert not app.faults, app.faults


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_it_says_that_it_is_a_replay_and_how_far_it_is(size: tuple[int, int]) -> None:
    async with replayed(size) as (stage, player):
        await stage.shows("replay", "1x", f"event 0 of {player.total}", "> end", "q Quit")


async def test_steps_and_the_end_show_what_was_known_then() -> None:
    async with replayed() as (stage, player):
        await stage.press("full_stop")
        await stage.shows("‖ paused", f"event 1 of {player.total}", "w go on")
        await stage.press("greater_than_sign")
        await stage.shows(
            "■ end", f"event {player.total} of {player.total}", "revision 16 ✖ failed"
        )


async def test_w_pauses_and_goes_on() -> None:
    async with replayed() as (stage, player):
        await stage.press("w")
        assert player.paused
        await stage.shows("‖ paused", "w Resume")
        await stage.press("w")
        assert not player.paused


async def test_plus_and_minus_change_the_speed() -> None:
    async with replayed() as (stage, _):
        await stage.press("plus", "plus")
        await stage.shows("4x")
        await stage.press("minus", "minus", "minus")
        await stage.shows("0.5x")


@pytest.mark.parametrize("key", ["u", "r", "b", "a", "o", "c", "e", "D", "p", "x", "T"])
async def test_what_would_change_something_is_refused(key: str) -> None:
    async with replayed() as (stage, _):
        await stage.press("greater_than_sign", key)
        await stage.until(lambda: any("recorded run" in word for word in stage.words()))
        assert len(stage.app.screen_stack) == 1


async def test_history_and_the_fault_can_be_looked_at_but_not_gone_back_to() -> None:
    async with replayed() as (stage, _):
        await stage.press("greater_than_sign", "i")
        await stage.shows("What went wrong", "No module named 'redis'")
        await stage.press("escape", "h")
        await stage.shows("History")
        await stage.press("down", "enter")
        await stage.until(lambda: "recorded run" in stage.text())


async def test_held_changes_of_the_recording_are_not_asked_about() -> None:
    async with replayed() as (stage, player):
        while not player.ended:
            await stage.press("full_stop")
            assert len(stage.app.screen_stack) == 1


async def test_the_help_names_the_keys_of_a_replay() -> None:
    async with replayed((120, 100)) as (stage, _):
        await stage.press("question_mark")
        await stage.shows("Pause, and go on by one event", "Play twice as fast", "Go to the end")
