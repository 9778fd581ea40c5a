"""A log is written, read in pieces with breaks in between, rotated: no line twice, none lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.clients.kube.loglines import SECOND
from tui.clients.kube.logpositions import (
    BEGINNING,
    Position,
    Progress,
    Resume,
    parse_position,
)

START = 1_600_000_000 * SECOND
STEPS = st.sampled_from([0, 0, 1, 1000, SECOND // 3, SECOND, 5 * SECOND])
LATE = st.sampled_from([0, 0, 0, 1, 1000, SECOND // 4])
WRITTEN = st.lists(st.tuples(STEPS, LATE), min_size=5, max_size=40)
STOPS = st.lists(st.integers(1, 8), max_size=8)


def times_of(written: list[tuple[int, int]]) -> list[int]:
    """Return times that mostly rise, with some a little late, as of two streams in one log."""
    times, clock = [], START + SECOND
    for step, late in written:
        clock += step
        times.append(clock - late)
    return times


def kubelet(log: list[int], position: Position) -> list[int]:
    """Return the lines since a position's anchor, as the kubelet picks them."""
    return [time for time in log if time // SECOND >= position.anchor]


def reopened(log: list[int], position: Position, stop: int) -> tuple[list[int], Resume, Position]:
    """Read at most `stop` new lines on from a position, in pieces of three."""
    resume, progress = Resume(position), Progress(position)
    since, new = kubelet(log, position), list[int]()
    for at in range(0, len(since), 3):
        piece = since[at : at + 3]
        fresh = piece[resume.skip(piece) :][: stop - len(new)]
        progress.take(fresh)
        new += fresh
    return new, resume, progress.position


@settings(max_examples=300)
@given(WRITTEN, STOPS)
def test_over_any_breaks_each_line_is_read_once(
    written: list[tuple[int, int]], stops: list[int]
) -> None:
    log = times_of(written)
    assert read_with_breaks(log, stops) == log


def read_with_breaks(log: list[int], stops: list[int]) -> list[int]:
    position, read = BEGINNING, list[int]()
    for stop in [*stops, len(log)]:
        new, resume, position = reopened(log, parse_position(str(position)), stop)
        read += new
        assert not resume.gap
        assert resume.same or not new
    return read


@pytest.mark.parametrize(
    ("seconds", "stops"),
    [
        pytest.param([10.0, 9.9], [1], id="the second line is late, over the second's edge"),
        pytest.param([10.9, 11.0, 10.95], [2], id="a late line of the second before"),
        pytest.param(
            [10.0, 10.0, 15.0, 15.0, 15.1, 20.0, 25.0], [4, 2, 1], id="a second read in two goes"
        ),
        pytest.param([10.5] * 9, [4, 2], id="all of one moment"),
    ],
)
def test_breaks_at_the_edges_of_seconds(seconds: list[float], stops: list[int]) -> None:
    log = [START + int(second * SECOND) for second in seconds]
    assert read_with_breaks(log, stops) == log


def test_of_lines_of_one_moment_as_many_are_new_after_a_rotation_as_were_not_read() -> None:
    log = [START, START + 5, START + 5, START + 5]
    read, _, position = reopened(log, BEGINNING, 2)
    new, resume, _ = reopened(log[1:], position, len(log))
    assert (read + new, resume.gap) == (log, False)


@given(st.lists(STEPS.filter(bool), min_size=1, max_size=40), st.data())
def test_after_a_rotation_lines_are_missing_only_where_it_is_said(
    steps: list[int], data: st.DataObject
) -> None:
    log = times_of([(step, 0) for step in steps])
    stop = data.draw(st.integers(0, len(log)))
    rotated = data.draw(st.integers(0, len(log)))
    read, _, position = reopened(log, BEGINNING, stop)
    new, resume, _ = reopened(log[rotated:], position, len(log))
    if rotated <= stop:
        assert read + new == log
    elif stop and new:
        assert new == log[rotated:]
        assert resume.gap


def test_another_incarnations_log_is_told_apart() -> None:
    progress = Progress()
    progress.take([START, START + 1])
    resume = Resume(progress.position)
    assert resume.skip([START + 7, START + 8]) == 0
    assert (resume.same, resume.gap) == (False, True)


def test_a_position_is_text_and_back() -> None:
    assert parse_position(str(Position(1, 2, 3, 4, 5))) == Position(1, 2, 3, 4, 5)
    assert parse_position("") == parse_position("1:2") == parse_position("a:b:c:d:e") == BEGINNING


@given(st.lists(st.integers(0, 3 * SECOND), max_size=50), st.integers(1, 7))
def test_progress_does_not_depend_on_the_pieces(offsets: list[int], size: int) -> None:
    times = [START + offset for offset in offsets]
    whole, pieces = Progress(), Progress()
    whole.take(times)
    for at in range(0, len(times), size):
        pieces.take(times[at : at + size])
    assert whole.position == pieces.position
