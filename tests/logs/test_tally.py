"""Counting lines over time: each one once, whatever the order of their times."""

from array import array

from hypothesis import given
from hypothesis import strategies as st

from tui.logs.moments import Moments
from tui.logs.tally import Bar, Tally
from tui.model.loglines import Level

TIMES = st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(0, 300)
LINES = st.lists(st.tuples(TIMES, st.sampled_from(Level)), max_size=60)
WIDTHS = st.sampled_from((1, 7, 100, 10**9, 86_400 * 10**9))


def moments(said: list[tuple[int, Level]]) -> Moments:
    return Moments(
        range(len(said)), array("q", [time for time, _ in said]), bytes(level for _, level in said)
    )


def expected(said: list[tuple[int, Level]], slot: int, width: int) -> Bar:
    levels = [level for time, level in said if slot * width <= time < (slot + 1) * width]
    errors = sum(level >= Level.ERROR for level in levels)
    return Bar(len(levels), levels.count(Level.WARNING), errors)


@given(LINES, WIDTHS)
def test_every_line_is_counted_once_in_the_slot_of_its_time(
    said: list[tuple[int, Level]], width: int
) -> None:
    tally = Tally(width)
    tally.add(moments(said))
    slots = {time // width for time, _ in said}
    assert {slot: tally.bar(slot) for slot in slots} == {
        slot: expected(said, slot, width) for slot in slots
    }
    assert sum(tally.bar(slot).lines for slot in slots) == len(said)


@given(LINES, LINES, WIDTHS)
def test_what_is_counted_in_parts_is_the_same(
    some: list[tuple[int, Level]], others: list[tuple[int, Level]], width: int
) -> None:
    parts, whole = Tally(width), Tally(width)
    parts.add(moments(some))
    parts.add(moments(others))
    whole.add(moments(some + others))
    slots = {time // width for time, _ in some + others}
    assert [parts.bar(slot) for slot in slots] == [whole.bar(slot) for slot in slots]


def test_a_line_at_the_edge_counts_for_what_begins_there() -> None:
    tally = Tally(100)
    tally.add(
        moments([(99, Level.INFO), (100, Level.ERROR), (199, Level.WARNING), (200, Level(0))])
    )
    assert [tally.bar(slot) for slot in range(3)] == [Bar(1), Bar(2, 1, 1), Bar(1)]


def test_what_lies_before_a_slot_is_left_out_of_a_copy_and_kept_where_it_was() -> None:
    tally = Tally(100)
    tally.add(moments([(50, Level.INFO), (150, Level.FATAL)]))
    later = tally.since(1)
    later.add(moments([(151, Level.INFO)]))
    assert [later.bar(0), later.bar(1)] == [Bar(), Bar(2, 0, 1)]
    assert [tally.bar(0), tally.bar(1)] == [Bar(1), Bar(1, 0, 1)]
