from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import inboxes, running
from tui.model.changes import Change, Commit
from tui.model.commands import Rollback, Up
from tui.model.decide import (
    MASS_CHANGE,
    Hold,
    Inbox,
    Running,
    Start,
    Supersede,
    add_changes,
    decide,
    hold_reason,
)

CHANGED = Inbox(paths=("app.py",), saved=5.0)


def test_a_save_starts_an_iteration_with_its_paths_and_its_time() -> None:
    assert decide(None, CHANGED) == Start(Up("save"), "save", ("app.py",), 5.0)


def test_nothing_asked_for_means_nothing_done() -> None:
    assert decide(None, Inbox()) == Hold()
    assert decide(Running(1, "build"), Inbox()) == Hold()


def test_a_newer_save_cancels_a_build_a_push_and_the_wait_for_a_rollout() -> None:
    for stage in ("build", "push", "rollout"):
        assert decide(Running(1, stage), CHANGED) == Supersede()


def test_a_deploy_under_way_is_let_finish() -> None:
    assert isinstance(decide(Running(1, "deploy"), CHANGED), Hold)
    assert isinstance(decide(Running(1, "deploy"), Inbox(wanted=Rollback())), Hold)


def test_changes_wait_while_paused_and_while_held() -> None:
    assert decide(None, Inbox(paths=("a",), paused=True)) == Hold("paused")
    held = Inbox(paths=("a",), held="branch-switch")
    assert decide(None, held) == Hold("held after a branch switch")


def test_a_hold_cancels_the_build_of_the_tree_that_is_no_more() -> None:
    held = Inbox(paths=("a",), held="mass-change")
    assert decide(Running(1, "build"), held) == Supersede()
    assert isinstance(decide(Running(1, "rollout"), held), Hold)


def test_commands_act_even_while_paused_and_held() -> None:
    inbox = Inbox(wanted=Up(), paths=("a",), paused=True, held="mass-change")
    assert decide(None, inbox) == Start(Up(), "key", ("a",), 0.0)
    assert decide(None, Inbox(wanted=Rollback(3))) == Start(Rollback(3), "rollback")


def test_released_changes_say_so_in_their_trigger() -> None:
    decision = decide(None, Inbox(paths=("a",), resumed=True))
    assert isinstance(decision, Start)
    assert decision.trigger == "resume"


@given(running, inboxes)
def test_never_two_iterations_at_once(under_way: Running | None, inbox: Inbox) -> None:
    decision = decide(under_way, inbox)
    if under_way is not None:
        assert not isinstance(decision, Start)
    else:
        assert not isinstance(decision, Supersede)


@given(running, inboxes)
def test_a_deploy_is_never_cancelled(under_way: Running | None, inbox: Inbox) -> None:
    if under_way is not None and under_way.stage == "deploy":
        assert isinstance(decide(under_way, inbox), Hold)


@given(st.lists(st.from_type(Change), max_size=8), st.lists(st.text(max_size=3), max_size=5))
def test_waiting_paths_are_those_that_count_once_each(
    changes: list[Change], waiting: list[str]
) -> None:
    before = tuple(dict.fromkeys(waiting))
    after = add_changes(before, tuple(changes))
    assert after[: len(before)] == before
    assert len(set(after)) == len(after)
    counted = {change.path for change in changes if not change.ignored_by}
    assert set(after) == set(before) | counted


def test_a_branch_switch_is_asked_about_and_a_commit_on_the_branch_is_not() -> None:
    main = Commit("a1", "main")
    assert hold_reason(("x",), main, Commit("b2", "topic")) == "branch-switch"
    assert hold_reason(("x",), main, Commit("b2", "main")) is None
    assert hold_reason(("x",), Commit("a1"), Commit("b2")) == "branch-switch"
    assert hold_reason(("x",), Commit(), main) is None


def test_more_changes_than_a_save_makes_are_asked_about() -> None:
    many = tuple(str(number) for number in range(MASS_CHANGE + 1))
    assert hold_reason(many, Commit(), Commit()) == "mass-change"
    assert hold_reason(many[1:], Commit(), Commit()) is None
