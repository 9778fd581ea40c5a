"""When the clock alone changes the screen."""

from dataclasses import replace

from tests.view import situations
from tests.view.scripted import START, ScriptedEngine
from tui.view.ticking import MINUTE, RUNNING, SECOND, next_tick


def test_a_running_iteration_shows_its_seconds() -> None:
    assert next_tick(ScriptedEngine(situations.BUILDING).state, START) == RUNNING


def test_a_countdown_shows_its_seconds() -> None:
    assert next_tick(ScriptedEngine(situations.CRASHING).state, START) == SECOND


def test_a_young_pod_ages_by_the_second_and_an_old_one_by_the_minute() -> None:
    state = ScriptedEngine(situations.GOOD).state
    assert next_tick(state, START) == SECOND
    assert next_tick(state, START + 3600) == MINUTE


def test_nothing_ticks_where_nothing_runs() -> None:
    assert next_tick(ScriptedEngine(situations.FRESH).state, START) is None
    running = ScriptedEngine(situations.GOOD).state
    assert next_tick(replace(running, rollout=None), START) is None
