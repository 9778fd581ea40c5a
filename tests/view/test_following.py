"""Following the engine: what happens is on the screen soon; errors of the screen end nothing."""

import logging

import pytest

from tests.view import situations
from tests.view.scripted import START
from tests.view.stage import staged
from tui.model import events as e
from tui.model.faults import Fault
from tui.view.panels.build import BuildPanel
from tui.view.panels.rollout import RolloutPanel
from tui.view.screens.history import HistoryScreen


async def test_a_turn_of_the_loop_is_shown_from_save_to_ready() -> None:
    async with staged(situations.RUN_BEFORE) as stage:
        stage.engine.play(situations.iteration(15, 0.0, "app.py"))
        await stage.shows("app.py", "building", "Build 15 ▶ starting")
        stage.engine.play(situations.built(15, 0.3))
        await stage.shows("✔ build", "python -m venv", "cached")
        stage.engine.play(situations.deployed(15, 0.5))
        await stage.shows("✔ deploy", "▶ rollout")
        stage.engine.play(situations.finished(15, 1.5))
        await stage.shows("Rollout 15 ✔ ready", "revision 15 ✔ ready", "2/2 ready")
        await stage.shows("saved→ready 1.5 s")


async def test_a_step_that_goes_on_counts_its_seconds() -> None:
    async with staged(situations.BUILDING) as stage:
        stage.engine.clock.time = START + 60
        await stage.shows("1 m 01 s")


async def test_a_countdown_counts_down() -> None:
    async with staged(situations.CRASHING) as stage:
        await stage.shows("started again in 7 s")
        stage.engine.clock.time = START + 3
        await stage.shows("started again in 3 s")


@pytest.mark.parametrize(
    ("event", "word"),
    [
        (e.Noticed("revision 3 failed: rolling back"), "revision 3 failed: rolling back"),
        (e.CommandRefused("up", "it is locked"), "up: it is locked"),
        (e.FaultRaised(Fault("x", "the disk is full")), "the disk is full (i tells more)"),
        (e.WatchFailed(Fault("x", "too many files")), "too many files (i tells more)"),
        (e.SettingsRefused(Fault("x", "no", place="f:1")), "f:1: no (i tells more)"),
        (e.SettingsChanged("app", (), keys=("env",)), "draft.toml is followed: env"),
        (e.IgnoreRulesReloaded((".gitignore",)), "new ignore rules: .gitignore"),
        (e.EnvironmentDeleted(), "deleted: what this environment made is removed"),
    ],
)
async def test_what_no_panel_keeps_is_said_in_passing(event: e.Event, word: str) -> None:
    async with staged(situations.GOOD) as stage:
        stage.engine.tell(event)
        await stage.until(lambda: stage.words() == [word])


async def test_a_watcher_that_polls_says_why() -> None:
    async with staged(situations.GOOD) as stage:
        stage.engine.tell(e.WatchStarted("polling", "no inotify watches are left"))
        await stage.shows("↻ polling", "↻ no inotify watches are left")


async def test_a_deleted_environment_is_told_as_such() -> None:
    async with staged(situations.GOOD) as stage:
        stage.engine.tell(e.EnvironmentDeleted())
        await stage.shows("– deleted", "nothing runs yet")


async def test_a_cockpit_whose_environment_another_redraft_deleted_is_opened_anew() -> None:
    async with staged(situations.GOOD) as stage:
        stage.engine.tell(e.EnvironmentDeleted(elsewhere=True))
        await stage.until(lambda: not stage.app.is_running)
        assert stage.app.return_value == "deleted"


async def test_nothing_is_shown_anew_while_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    async with staged(situations.FRESH) as stage:
        shown: list[object] = []
        monkeypatch.setattr(type(stage.app), "_show", lambda app, state: shown.append(state))
        for _ in range(20):
            await stage.pilot.pause(0.01)
        assert not shown


async def test_a_panel_that_cannot_be_drawn_is_told_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError("cannot [draw] this")

    async with staged(situations.BUILDING, broken=True) as stage:
        monkeypatch.setattr(BuildPanel, "picture", fail)
        with caplog.at_level(logging.ERROR, "redraft"):
            stage.engine.play(situations.built(15, 0.3))
            stage.engine.play(situations.deployed(15, 0.5))
            stage.engine.play(situations.finished(15, 1.5))
            await stage.shows("Rollout 15 ✔ ready", "cannot [draw] this")
        assert stage.app.is_running
        assert [fault.code for fault in stage.app.faults] == ["internal-error"]
        assert "RuntimeError: cannot [draw] this" in caplog.text
        monkeypatch.undo()
        stage.engine.tell(e.Noticed("on it goes"))
        await stage.shows("Build 15 ✔ ready")


async def test_a_handler_that_fails_is_told_once_and_ends_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError("no history today")

    async with staged(situations.GOOD, broken=True) as stage:
        monkeypatch.setattr(HistoryScreen, "on_mount", fail)
        await stage.press("h")
        await stage.until(lambda: any("no history today" in word for word in stage.words()))
        await stage.press("escape")
        await stage.press("u")
        assert stage.engine.submitted
        assert len(stage.app.faults) == 1


async def test_an_error_on_a_panel_s_resize_leaves_the_panel_alive(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError("too small")

    async with staged(situations.GOOD, broken=True) as stage:
        monkeypatch.setattr(RolloutPanel, "picture", fail)
        await stage.pilot.resize_terminal(100, 30)
        await stage.until(lambda: stage.app.faults)
        monkeypatch.undo()
        await stage.pilot.resize_terminal(200, 60)
        stage.engine.play(situations.CRASHING[len(situations.GOOD) :])
        await stage.shows("Rollout 16 ✖ failed")
