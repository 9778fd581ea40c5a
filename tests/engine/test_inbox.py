"""The pending set: no save is lost, none is built twice, whatever the user does between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import commands
from tui.engine.inbox import receive_changes, receive_command, taken_up
from tui.model import events as e
from tui.model.changes import NO_COMMIT, Change
from tui.model.commands import Command, DropHeld, PauseWatch, ReleaseHeld, ResumeWatch, Up
from tui.model.decide import Inbox, Start, decide

paths = st.sampled_from([f"f{n}.py" for n in range(6)])
saves = st.lists(st.builds(Change, paths, st.just("modified")), min_size=1, max_size=4)
moves = st.lists(st.one_of(commands, saves.map(tuple)), max_size=20)


@pytest.mark.parametrize(
    ("written", "saved"), [(98.5, 98.5), (0.0, 100.0), (101.0, 100.0), (50.0, 100.0)]
)
def test_a_change_counts_from_when_it_was_saved_where_its_file_can_tell(
    written: float, saved: float
) -> None:
    old = Change("old.py", "modified", written=written - 1)
    changes = old, Change("app.py", "modified", written=written)
    inbox, _ = receive_changes(Inbox(), changes, NO_COMMIT, NO_COMMIT, 100.0)
    assert inbox.saved == saved


@given(moves)
def test_every_save_is_built_or_waits_or_was_dropped_by_the_user(
    told: list[Command | tuple[Change, ...]],
) -> None:
    inbox, waiting = Inbox(), set[str]()
    for move in told:
        if isinstance(move, tuple):
            inbox, _ = receive_changes(inbox, move, NO_COMMIT, NO_COMMIT, 1.0)
            waiting |= {change.path for change in move}
        else:
            inbox, _ = receive_command(inbox, move)
            waiting = set() if isinstance(move, DropHeld) else waiting
        decision = decide(None, inbox)
        if isinstance(decision, Start):
            assert (
                isinstance(decision.wanted, Up) == (set(decision.paths) == waiting) or not waiting
            )
            inbox, waiting = taken_up(inbox), set()
        assert set(inbox.paths) == waiting


def test_taking_up_leaves_a_pause_as_it_is() -> None:
    inbox, event = receive_command(Inbox(), PauseWatch())
    assert event == e.WatchPaused()
    assert taken_up(inbox) == Inbox(paused=True)


def test_resuming_lets_held_changes_go_too() -> None:
    inbox, _ = receive_command(Inbox(paths=("a",), paused=True, held="mass-change"), ResumeWatch())
    assert (inbox.paused, inbox.held, inbox.resumed) == (False, None, True)


def test_releasing_and_dropping_tell_of_it() -> None:
    held = Inbox(paths=("a",), held="branch-switch")
    assert receive_command(held, ReleaseHeld())[1] == e.HeldChangesReleased()
    dropped, event = receive_command(held, DropHeld())
    assert (dropped, event) == (Inbox(), e.HeldChangesDropped())


def test_ignored_changes_leave_the_inbox_as_it_is() -> None:
    ignored = (Change("x.log", "added", ".gitignore:1"),)
    inbox = Inbox(paths=("a",), saved=1.0)
    assert receive_changes(inbox, ignored, NO_COMMIT, NO_COMMIT, 9.0) == (inbox, None)


def test_a_hold_once_asked_about_stays_one_question() -> None:
    held = Inbox(paths=("a",), held="branch-switch")
    inbox, event = receive_changes(held, (Change("b", "added"),), NO_COMMIT, NO_COMMIT, 2.0)
    assert inbox.held == "branch-switch"
    assert event == e.ChangesHeld("branch-switch", 2)
