"""Counting in parts comes to the same as counting anew, in whichever order lines come."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.view.listed import ListedLines
from tui.logs.tally import Bar
from tui.model.loglines import Level, LogLine
from tui.view.logs.histogram.counting import Aim, Count, Order, count_lines, order_for
from tui.view.logs.histogram.finding import line_at
from tui.view.logs.histogram.scale import ALL, MINUTE, RECENT, SECOND
from tui.view.logs.rows import ChosenLines, EveryLine

NOON = 1_767_268_800 * SECOND
BARS = 30
TIMES = st.integers(0, 90_000).map(lambda seconds: NOON + seconds * SECOND // 20)
LINES = st.lists(st.tuples(TIMES, st.sampled_from(Level)), min_size=1, max_size=50)
AIM = Aim(0, RECENT, BARS, following=True, place=NOON)


def never() -> bool:
    return False


def reading(*said: tuple[int, Level]) -> ListedLines:
    return ListedLines(
        [
            LogLine(number, time, 1, "app-1", "app", 0, "stdout", level, "")
            for number, (time, level) in enumerate(said, 1)
        ]
    )


def at(*seconds: float) -> ListedLines:
    return reading(*((NOON + int(second * SECOND), Level.INFO) for second in seconds))


def counted(lines: ListedLines, aim: Aim, stop: int, before: Count | None = None) -> Count | None:
    """What is counted of the lines below an id, for a reader at the last one who follows."""
    aim = replace(aim, place=lines.lines([stop - 1])[0].time) if aim.following else aim
    order = order_for(before, aim, EveryLine(1, stop - 1))
    return count_lines(lines, order, never) if order else before


def bars(count: Count) -> list[Bar]:
    return [count.tally.bar(slot) for slot in count.scale.slots]


@given(LINES, st.sampled_from((MINUTE, RECENT, ALL)), st.data())
def test_going_on_with_a_count_comes_to_the_same_as_counting_anew(
    said: list[tuple[int, Level]], span: int, data: st.DataObject
) -> None:
    lines, aim = reading(*said), replace(AIM, span=span)
    count = None
    for stop in sorted(data.draw(st.sets(st.integers(2, len(said) + 1)))):
        count = counted(lines, aim, stop, count) or counted(lines, aim, stop)
        anew = counted(lines, aim, stop)
        assert count is not None
        assert anew is not None
        assert (count.scale, count.extent, count.stop) == (anew.scale, anew.extent, stop)
        assert bars(count) == bars(anew)


@given(LINES)
def test_over_all_time_every_line_is_counted_once(said: list[tuple[int, Level]]) -> None:
    count = counted(reading(*said), replace(AIM, span=ALL), len(said) + 1)
    assert count is not None
    assert sum(bar.lines for bar in bars(count)) == len(said)
    assert sum(bar.errors for bar in bars(count)) == sum(level >= 5 for _, level in said)


def test_nothing_is_to_be_done_while_nothing_changes() -> None:
    count = counted(at(1, 2, 3), AIM, 4)
    assert count is not None
    assert order_for(count, AIM, EveryLine(1, 3)) is None


def test_only_what_arrived_is_counted_as_long_as_the_scale_is_the_same() -> None:
    lines = at(0, 28, 28.5)
    count = counted(lines, AIM, 3)
    order = order_for(count, replace(AIM, place=NOON + 28 * SECOND), EveryLine(1, 3))
    assert order is not None
    assert (order.before, list(order.ids)) == (count, [3])
    grown = count_lines(lines, order, never)
    assert grown is not None
    assert sum(bar.lines for bar in bars(grown)) == 3


def test_a_count_that_needs_another_scale_is_given_up() -> None:
    lines = at(1, 29, 290)
    order = order_for(counted(lines, AIM, 3), AIM, EveryLine(1, 3))
    assert order is not None
    assert count_lines(lines, order, never) is None


def test_so_is_one_of_times_before_1970() -> None:
    lines = reading(*((-NOON + at * SECOND, Level.INFO) for at in (1, 29, 290)))
    aim = replace(AIM, place=-NOON + 29 * SECOND)
    order = order_for(counted(lines, aim, 3), aim, EveryLine(1, 3))
    assert order is not None
    assert order.before is not None
    assert count_lines(lines, order, never) is None


def test_a_reader_who_holds_the_lines_sees_the_same_picture_until_they_leave_it() -> None:
    lines = at(*range(0, 7200, 60))
    count = counted(lines, AIM, 101)
    assert count is not None
    paused = replace(AIM, following=False, place=count.extent[1] - 5 * MINUTE)
    assert order_for(count, paused, EveryLine(1, 120)) is None
    away = replace(paused, place=NOON + 10 * MINUTE)
    order = order_for(count, away, EveryLine(1, 120))
    assert order is not None
    assert order.before is None
    moved = count_lines(lines, order, never)
    assert moved is not None
    assert moved.scale.holds(away.place)
    assert not moved.open
    held = [NOON + 60 * number * SECOND for number in range(120)]
    assert sum(bar.lines for bar in bars(moved)) == sum(map(moved.scale.holds, held))
    back = order_for(moved, replace(AIM, place=held[-1]), EveryLine(1, 120))
    assert back is not None
    assert back.before is None


def test_other_rows_bars_or_spans_are_counted_anew() -> None:
    count = counted(at(1, 2, 3), AIM, 4)
    for other in ({"epoch": 1}, {"bars": 31}, {"span": ALL}):
        order = order_for(count, replace(AIM, **other), EveryLine(1, 3))  # type: ignore[arg-type]  # ints, all
        assert order is not None
        assert order.before is None


def test_older_lines_that_a_filter_finds_are_counted_too() -> None:
    lines, rows = at(*range(9)), ChosenLines()
    rows.add_older([8, 6])
    order = order_for(None, AIM, rows)
    assert order is not None
    count = count_lines(lines, order, never)
    rows.add_older([5, 1])
    rows.add_newer([9])
    order = order_for(count, AIM, rows)
    assert order is not None
    assert list(order.ids) == [1, 5, 6, 8, 9]
    counted_all = count_lines(lines, order, never)
    assert counted_all is not None
    assert (counted_all.first, counted_all.stop) == (rows.first, rows.stop)
    assert sum(bar.lines for bar in bars(counted_all)) == 5


def test_of_pruned_lines_a_few_are_borne_and_many_are_not() -> None:
    count = counted(at(*range(100)), AIM, 101)
    assert order_for(count, AIM, EveryLine(9, 100)) is None
    order = order_for(count, AIM, EveryLine(30, 100))
    assert order is not None
    assert order.before is None


def test_what_is_told_to_stop_does_and_what_has_no_lines_counts_none() -> None:
    lines = at(1, 2, 3)
    whole = Order(AIM, 4, range(1, 4))
    assert count_lines(lines, whole, lambda: True) is None
    more = Order(AIM, 4, range(3, 4), counted(lines, AIM, 3))
    assert count_lines(lines, more, lambda: True) is None
    assert count_lines(ListedLines(()), Order(AIM, 1, range(1, 1)), never) is None


def test_a_bar_means_its_first_error_or_its_first_line_or_the_next_one() -> None:
    info, error = Level.INFO, Level.ERROR
    lines = reading((10, info), (20, info), (21, error), (22, error), (40, info))
    ids = range(1, 6)
    assert line_at(lines, ids, 10, 20) == 1
    assert line_at(lines, ids, 20, 30) == 3
    assert line_at(lines, ids, 30, 40) == 5
    assert line_at(lines, ids, 50, 60) == 5
    assert line_at(lines, range(0), 50, 60) is None
