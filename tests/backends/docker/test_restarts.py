from hypothesis import given
from hypothesis import strategies as st

from tests.backends.docker.states import state
from tui.backends.docker.restarts import SHORTEST_PAUSE, Restarts


def test_a_restart_that_was_only_decided_on_does_not_count_yet() -> None:
    first = Restarts().seen(state(started=1))
    assert first.seen(state(status="restarting", restarts=1, started=1)).total == 0
    assert first.seen(state(status="running", restarts=1, started=2)).total == 1


def test_restarts_from_before_we_came_count() -> None:
    assert Restarts().seen(state(restarts=7, started=5)).total == 7


def test_a_start_by_hand_counts_though_the_engine_begins_from_0() -> None:
    seen = Restarts().seen(state(restarts=3, started=5))
    assert seen.seen(state(restarts=0, started=9)).total == 4


def test_an_incarnation_began_halfway_in_the_pause_since_the_end_before() -> None:
    before = Restarts().seen(state(started=1_000))
    now = state(started=9_000, restarts=1)
    assert before.seen(now).began(now, before, ended=5_000) == 7_000
    assert before.seen(state(started=1_000)).began(state(started=1_000), before, ended=0) == 0


def test_where_ends_were_missed_an_incarnation_began_just_before_its_start() -> None:
    second = 1_000_000_000
    unended = Restarts().seen(state(started=2 * second))
    now = state(started=9 * second, restarts=1)
    assert unended.seen(now).began(now, unended, ended=second) == 9 * second - SHORTEST_PAUSE
    skipped = state(started=9 * second, restarts=2)
    assert unended.seen(skipped).began(skipped, unended, 3 * second) == 9 * second - SHORTEST_PAUSE


def test_what_was_last_seen_began_after_the_end_before_or_is_that_end() -> None:
    seen = Restarts().seen(state(started=9_000))
    assert seen.present(ended=5_000) == 7_000
    assert seen.present(ended=9_500) == 9_500


@given(st.lists(st.booleans()))
def test_each_incarnation_counts_once_however_it_began(by_hand: list[bool]) -> None:
    seen, told = Restarts().seen(state(started=1)), 0
    for number, manual in enumerate(by_hand, start=2):
        told = 0 if manual else told + 1
        for _ in range(2):
            seen = seen.seen(state(restarts=told, started=number))
    assert seen.total == len(by_hand)
