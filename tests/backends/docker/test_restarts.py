from hypothesis import given
from hypothesis import strategies as st

from tests.backends.docker.states import state
from tui.backends.docker.restarts import Restarts


def test_a_restart_that_was_only_decided_on_does_not_count_yet() -> None:
    first = Restarts().seen(state(started=1))
    assert first.seen(state(status="restarting", restarts=1, started=1)).total == 0
    assert first.seen(state(status="running", restarts=1, started=2)).total == 1


def test_restarts_from_before_we_came_count() -> None:
    assert Restarts().seen(state(restarts=7, started=5)).total == 7


def test_a_start_by_hand_counts_though_the_engine_begins_from_0() -> None:
    seen = Restarts().seen(state(restarts=3, started=5))
    assert seen.seen(state(restarts=0, started=9)).total == 4


@given(st.lists(st.booleans()))
def test_each_incarnation_counts_once_however_it_began(by_hand: list[bool]) -> None:
    seen, told = Restarts().seen(state(started=1)), 0
    for number, manual in enumerate(by_hand, start=2):
        told = 0 if manual else told + 1
        for _ in range(2):
            seen = seen.seen(state(restarts=told, started=number))
    assert seen.total == len(by_hand)
