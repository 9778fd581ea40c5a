from functools import reduce as fold

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import stamped
from tui.model import events as e
from tui.model.changes import Change
from tui.model.faults import Fault
from tui.model.images import Image
from tui.model.reduce import reduce
from tui.model.releases import Release
from tui.model.rollouts import NO_VERDICT, Rollout
from tui.model.state import CHANGES_KEPT, STEP_LINES, State


def after(*events: e.Event, state: State | None = None) -> State:
    """Return the state after events told at the times 1, 2, 3, …"""
    told = (e.Stamped(n, float(n), event) for n, event in enumerate(events, start=1))
    return fold(reduce, told, state or State())


OUTSIDE = Change("x.log", "modified", ".dockerignore:1", in_context=False)
SAVED = e.FilesChanged((Change("app.py", "modified"), OUTSIDE))
STARTED = e.IterationStarted(1, "save", ("app.py",), saved=0.5)


def results(state: State) -> dict[str, str]:
    return {row.change.path: row.result for row in state.changes}


@given(st.lists(stamped, max_size=30))
def test_any_events_in_any_order_keep_the_state_bounded(told: list[e.Stamped]) -> None:
    state = fold(reduce, told, State())
    assert len(state.changes) <= CHANGES_KEPT
    if state.iteration is not None:
        assert all(len(step.lines) <= STEP_LINES for step in state.iteration.steps)


def test_changes_wait_then_build_then_are_built_and_ignored_ones_stay_ignored() -> None:
    assert results(after(SAVED)) == {"app.py": "waiting", "x.log": "ignored"}
    assert results(after(SAVED, STARTED))["app.py"] == "building"
    done = after(SAVED, STARTED, e.IterationFinished(1, "ready", 2.0, 3))
    assert results(done) == {"app.py": "built", "x.log": "ignored"}


def test_what_git_ignores_and_docker_does_not_waits_for_the_next_build() -> None:
    seen = e.FilesChanged((Change("gen.js", "modified", ".gitignore:1"),))
    assert results(after(seen)) == {"gen.js": "next build"}
    assert results(after(seen, STARTED)) == {"gen.js": "building"}
    assert results(after(seen, STARTED, e.IterationFinished(1, "ready", 2.0, 3))) == {
        "gen.js": "built"
    }
    rollback = e.IterationStarted(1, "rollback")
    assert results(after(seen, rollback)) == {"gen.js": "next build"}


def test_a_touch_is_told_as_no_change() -> None:
    state = after(SAVED, STARTED, e.IterationFinished(1, "unchanged", 0.1, 3))
    assert results(state)["app.py"] == "no change"


def test_what_waited_when_a_rollback_began_is_dropped() -> None:
    state = after(SAVED, e.IterationStarted(1, "rollback"), e.IterationFinished(1, "ready", 1, 2))
    assert results(state)["app.py"] == "dropped"


def test_latency_counts_from_the_save() -> None:
    state = after(SAVED, STARTED, e.IterationFinished(1, "ready", 2.0, 3))
    assert state.latencies == (2.5,)


def test_what_was_held_counts_from_when_it_was_let_go() -> None:
    resumed = e.IterationStarted(1, "resume", ("app.py",), saved=-300.0)
    state = after(resumed, e.IterationFinished(1, "ready", 1.5))
    assert state.latencies[0] < 10


def test_latency_is_no_less_than_the_iteration_took_that_began_in_the_quiet_period() -> None:
    state = after(SAVED, STARTED, e.IterationFinished(1, "ready", 3.1, 3))
    assert state.latencies == (3.1,)


def test_steps_gather_their_last_lines_progress_and_outcome() -> None:
    lines = tuple(str(number) for number in range(50))
    state = after(
        STARTED,
        e.StageStarted(1, "build"),
        e.StepStarted(1, "build", "pip"),
        e.StepPrinted(1, "build", "pip", lines),
        e.StepProgressed(1, "build", "pip", 3, 4, "files"),
        e.StepFinished(1, "build", "pip", 1.5, "done"),
    )
    assert state.iteration is not None
    (step,) = state.iteration.steps
    assert step.lines == lines[-STEP_LINES:]
    assert (step.done, step.total, step.unit) == (3, 4, "files")
    assert (step.outcome, step.seconds) == ("done", 1.5)
    assert state.iteration.stage == "build"


def test_events_of_an_iteration_that_is_no_more_change_nothing() -> None:
    state = after(STARTED)
    late = e.IterationFinished(9, "failed", 1.0, fault=Fault("x", "x"))
    assert after(late, e.StageStarted(9, "build"), state=state) == state


def test_a_release_takes_the_place_of_its_earlier_record() -> None:
    image = Image("app", "abc")
    state = after(
        STARTED,
        e.ReleaseStarted(1, Release(4, image)),
        e.ReleaseFinished(1, Release(4, image, outcome="ready")),
    )
    assert [(r.revision, r.outcome) for r in state.releases] == [(4, "ready")]


def test_holding_is_told_until_released_or_dropped() -> None:
    held = after(SAVED, e.ChangesHeld("mass-change", 201))
    assert (held.watch.held, held.watch.held_count) == ("mass-change", 201)
    assert after(e.HeldChangesReleased(), state=held).watch.held is None
    dropped = after(e.HeldChangesDropped(), state=held)
    assert dropped.watch.held is None
    assert results(dropped)["app.py"] == "dropped"


def test_pausing_and_resuming() -> None:
    paused = after(e.WatchStarted("native"), e.WatchPaused())
    assert paused.watch.paused
    assert not after(e.WatchResumed(), state=paused).watch.paused
    assert paused.watch.mode == "native"


def test_what_is_built_after_a_deletion_makes_the_environment_anew() -> None:
    deleted = after(STARTED, e.EnvironmentDeleted())
    assert deleted.deleted
    assert deleted.iteration is None
    assert not after(STARTED, state=deleted).deleted


def test_what_another_redraft_deleted_is_there_again_when_it_brings_it_up() -> None:
    deleted = after(STARTED, e.EnvironmentDeleted(elsewhere=True))
    assert deleted.deleted == "elsewhere"
    late = after(e.RolloutObserved(Rollout(5), NO_VERDICT), state=deleted)
    assert late.deleted
    gone = after(e.RolloutObserved(Rollout(0, deleted=True), NO_VERDICT), state=late)
    assert gone.deleted
    assert not after(e.RolloutObserved(Rollout(1), NO_VERDICT), state=gone).deleted


@pytest.mark.parametrize("event", [e.EnvironmentDeleted(), e.EnvironmentDeleted(elsewhere=True)])
def test_what_was_seen_to_be_gone_before_its_deletion_was_told_may_come_again(
    event: e.EnvironmentDeleted,
) -> None:
    gone = e.RolloutObserved(Rollout(0, deleted=True), NO_VERDICT)
    deleted = after(STARTED, gone, event)
    assert deleted.deleted
    assert not after(e.RolloutObserved(Rollout(1), NO_VERDICT), state=deleted).deleted
