from collections.abc import Iterator
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from tui.backends.docker.positions import GAP, SLACK, Line, Mark, Position, Reading, position_from
from tui.clients.docker.logframes import LogFrame
from tui.supervisor.splitting import LIMIT

marks = st.builds(Mark, st.integers(1, 2**62), st.integers(1, 99))
streams: st.SearchStrategy[Literal["stdout", "stderr"]] = st.sampled_from(["stdout", "stderr"])


@st.composite
def logs(draw: st.DrawFn) -> list[LogFrame]:
    """A log whose times repeat and never fall."""
    time = 10 * SLACK
    frames: list[LogFrame] = []
    for number, (pause, stream) in enumerate(
        draw(st.lists(st.tuples(st.sampled_from([0, 0, 1, SLACK, 3 * SLACK]), streams)))
    ):
        time += pause
        frames.append(LogFrame(time, stream, b"line %d\n" % number))
    return frames


def since(frames: list[LogFrame], position: Position) -> Iterator[LogFrame]:
    """Return what the engine would give from a position on."""
    return (frame for frame in frames if frame.time >= position.since)


@given(st.builds(Position, marks, marks, st.integers(0, 2**62)))
def test_a_position_survives_being_written_and_read_back(position: Position) -> None:
    assert position_from(str(position)) == position


@given(st.text())
def test_what_is_no_position_is_the_beginning_or_one_at_least(text: str) -> None:
    assert isinstance(position_from(text), Position)


@given(logs(), st.lists(st.integers(0, 30), max_size=5))
def test_however_often_it_breaks_off_every_line_comes_once(
    frames: list[LogFrame], breaks: list[int]
) -> None:
    position = Position()
    got: list[Line] = []
    for upto in [*breaks, len(frames)]:
        reading = Reading(position)
        got += reading.take(list(since(frames, position))[:upto])
        position = position_from(str(reading.position))
    assert [line.text for line in got] == [f"line {n}" for n in range(len(frames))]


def test_what_the_engine_rotated_away_is_told_as_a_gap() -> None:
    position = Position(Mark(SLACK, 2))
    lines = Reading(position).take([LogFrame(SLACK * 2, "stdout", b"later\n")])
    assert [line.text for line in lines] == [GAP, "later"]


def test_a_stream_that_was_silent_for_long_makes_no_gap() -> None:
    position = Position(Mark(9 * SLACK, 1), Mark(SLACK, 1))
    reading = Reading(position)
    frames = [LogFrame(9 * SLACK, "stdout", b"known\n"), LogFrame(10 * SLACK, "stderr", b"new\n")]
    assert [line.text for line in reading.take(frames)] == ["new"]


def test_parts_of_a_line_are_joined_and_its_position_is_after_the_last() -> None:
    reading = Reading(Position())
    parts = [LogFrame(7, "stdout", b"a" * 16), LogFrame(7, "stdout", b"b\n")]
    assert reading.take(parts[:1]) == []
    assert reading.position.stdout == Mark()
    assert [line.text for line in reading.take(parts[1:])] == ["a" * 16 + "b"]
    assert reading.position.stdout == Mark(7, 2)


def test_a_very_long_line_comes_in_parts_that_say_so() -> None:
    parts = [LogFrame(7, "stdout", b"a" * LIMIT), LogFrame(7, "stdout", b"b\n")]
    assert [line.text[-2:] for line in Reading(Position()).take(parts)] == ["a…", "…b"]
