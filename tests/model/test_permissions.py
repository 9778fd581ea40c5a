from dataclasses import replace

from hypothesis import given

from tests.strategies import stamped
from tui.model.changes import HoldReason
from tui.model.events import Stamped
from tui.model.faults import Fault
from tui.model.images import Image
from tui.model.permissions import VERBS, refusals, rollback_target
from tui.model.places import PLACE_CHANGED
from tui.model.reduce import reduce
from tui.model.releases import Outcome, Release
from tui.model.state import State, Watch


def releases(*entries: tuple[str, Outcome]) -> State:
    """Return a state whose releases 1, 2, … have these tags and outcomes."""
    return State(
        releases=tuple(
            Release(number, Image("app", tag), outcome=outcome)
            for number, (tag, outcome) in enumerate(entries, start=1)
        )
    )


def target(state: State, revision: int = 0) -> int:
    release = rollback_target(state, revision)
    return release.revision if release else 0


@given(stamped)
def test_every_verb_is_answered_in_every_state(event: Stamped) -> None:
    assert set(refusals(reduce(State(), event))) == set(VERBS)


def test_another_environment_can_be_chosen_where_there_is_one() -> None:
    alone = State(environment="development", environments=("development",))
    assert "one environment only" in refusals(alone)["environment"]
    assert not refusals(replace(alone, environments=("staging",)))["environment"]
    moved = replace(alone, settings_fault=Fault(PLACE_CHANGED, "elsewhere"))
    assert not refusals(moved)["environment"]


def test_a_rollback_goes_to_the_last_good_release_that_runs_something_else() -> None:
    assert target(releases(("a", "ready"), ("b", "ready"), ("b", "ready"))) == 1
    assert target(releases(("a", "ready"), ("b", "failed"), ("c", "ready"))) == 1
    assert target(releases(("a", "ready"), ("b", "ready"), ("c", "failed"))) == 2


def test_a_rollback_of_a_rollback_brings_back_what_it_left() -> None:
    assert target(releases(("a", "ready"), ("b", "ready"), ("a", "ready"))) == 2


def test_without_an_earlier_good_release_there_is_no_target_and_the_key_says_so() -> None:
    for state in (State(), releases(("a", "ready")), releases(("a", "failed"), ("b", "ready"))):
        assert target(state) == 0
        assert refusals(state)["rollback"] == "there is no earlier good revision"


def test_an_earlier_good_release_that_runs_the_same_is_no_target_and_the_key_says_so() -> None:
    state = releases(("a", "ready"), ("b", "failed"), ("a", "ready"))
    assert target(state) == 0
    assert "runs the same" in refusals(state)["rollback"]


def test_a_named_revision_is_taken_whatever_became_of_it() -> None:
    state = releases(("a", "ready"), ("b", "failed"), ("c", "ready"))
    assert target(state, 2) == 2
    assert target(state, 9) == 0


def test_pause_and_resume_exclude_each_other() -> None:
    watching = refusals(State(watch=Watch("native")))
    paused = refusals(State(watch=Watch("native", paused=True)))
    assert (watching["pause"], bool(watching["resume"])) == ("", True)
    assert (bool(paused["pause"]), paused["resume"]) == (True, "")


def test_held_changes_can_be_let_go_or_dropped_only_while_held() -> None:
    reason: HoldReason = "mass-change"
    held = refusals(State(watch=Watch("native", held=reason)))
    assert held["release-held"] == held["drop-held"] == ""
    assert refusals(State())["drop-held"]


def test_connect_needs_a_backend_that_offers_it() -> None:
    assert refusals(State(backend="local"))["connect"]
    assert not refusals(State(capabilities=("connect",)))["connect"]
