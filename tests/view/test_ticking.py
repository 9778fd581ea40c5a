"""When the clock alone changes the screen."""

from dataclasses import replace

import pytest

from tests.view import situations
from tests.view.scripted import START, ScriptedEngine
from tui.view.present import age
from tui.view.ticking import RUNNING, SECOND, next_tick


def test_a_running_iteration_shows_its_seconds() -> None:
    assert next_tick(ScriptedEngine(situations.BUILDING).state, START) == RUNNING


def test_a_countdown_shows_its_seconds() -> None:
    assert next_tick(ScriptedEngine(situations.CRASHING).state, START) == SECOND


@pytest.mark.parametrize("passed", [0.0, 3.2, 61.7, 3600.0, 90_000.5, 500_000.0])
def test_ages_are_shown_anew_when_the_next_step_is_due_and_no_sooner(passed: float) -> None:
    state = ScriptedEngine(situations.GOOD).state
    assert state.rollout is not None
    created = [pod.created for pod in state.rollout.pods]

    def shown(now: float) -> list[str]:
        return [age(now - since) for since in created if since]

    now = START + passed
    tick = next_tick(state, now)
    assert tick is not None
    assert shown(now) == shown(now + tick - 0.01) != shown(now + tick + 0.01)


def test_ages_that_change_within_a_second_are_shown_together() -> None:
    state = ScriptedEngine(situations.GOOD).state
    assert state.rollout is not None
    first, *_ = state.rollout.pods
    pods = tuple(replace(first, created=START + after) for after in (0.2, 1.1, 2.0))
    state = replace(state, rollout=replace(state.rollout, pods=pods, workloads=()))
    assert next_tick(state, START + 2.5) == pytest.approx(3.6)


def test_nothing_ticks_where_nothing_runs() -> None:
    assert next_tick(ScriptedEngine(situations.FRESH).state, START) is None
    running = ScriptedEngine(situations.GOOD).state
    assert next_tick(replace(running, rollout=None, releases=()), START) is None
