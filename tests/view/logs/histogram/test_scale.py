from hypothesis import given
from hypothesis import strategies as st

from tui.view.logs.histogram.scale import (
    ALL,
    MINUTE,
    RECENT,
    SECOND,
    SPANS,
    WIDTHS,
    Scale,
    present_span,
    present_width,
    scale_for,
    stepped,
    width_for,
)

TIMES = st.integers(-(1 << 63), (1 << 63) - 1)
BARS = st.integers(20, 300)
SPAN = st.sampled_from(SPANS)


@given(TIMES, TIMES, TIMES, SPAN, BARS)
def test_there_is_always_a_bar_for_the_place_of_the_reader(
    one: int, other: int, place: int, span: int, bars: int
) -> None:
    scale = scale_for((min(one, other), max(one, other)), place, span, bars)
    assert scale.holds(place)
    assert 0 <= scale.bar_at(place) < scale.bars == bars


@given(TIMES, TIMES, BARS, st.data())
def test_of_all_time_every_line_has_a_bar(
    one: int, other: int, bars: int, data: st.DataObject
) -> None:
    oldest, newest = min(one, other), max(one, other)
    scale = scale_for((oldest, newest), data.draw(st.integers(oldest, newest)), ALL, bars)
    assert scale.bar_at(newest) == bars - 1
    assert scale.holds(oldest)


@given(TIMES, SPAN, BARS)
def test_following_it_ends_with_the_newest_line_and_reaches_the_span_back(
    newest: int, span: int, bars: int
) -> None:
    scale = scale_for((newest - (1 << 70), newest), newest, span, bars)
    assert scale.bar_at(newest) == bars - 1
    assert scale.begin <= newest - span or scale.width == WIDTHS[-1]


@given(st.builds(Scale, st.sampled_from(WIDTHS), st.integers(-9, 9), BARS), TIMES)
def test_each_time_belongs_to_one_bar(scale: Scale, time: int) -> None:
    begin, end = scale.times_of(scale.bar_at(time))
    assert begin <= time < end == begin + scale.width
    assert scale.holds(time) == (0 <= scale.bar_at(time) < scale.bars)
    assert scale.times_of(0)[0] == scale.begin
    assert scale.times_of(scale.bars - 1)[1] == scale.end
    assert len(scale.slots) == scale.bars
    nearest = scale.nearest_bar(time)
    assert nearest == scale.bar_at(time) if scale.holds(time) else nearest in {-1, scale.bars - 1}
    assert (nearest == -1) == (time < scale.begin)


def test_bars_are_no_wider_than_the_lines_ask_for() -> None:
    now = 1_795_528_931 * SECOND
    assert scale_for((now - 40 * SECOND, now), now, RECENT, 91).width == SECOND // 2
    assert scale_for((now - 600 * MINUTE, now), now, RECENT, 91).width == 10 * SECOND
    assert scale_for((now - 600 * MINUTE, now), now, ALL, 91).width == 10 * MINUTE


def test_one_line_is_in_the_last_of_the_finest_bars() -> None:
    scale = scale_for((5, 5), 5, RECENT, 50)
    assert (scale.width, scale.bar_at(5)) == (SECOND // 1000, 49)


def test_a_place_out_of_the_span_is_in_the_middle() -> None:
    now = 1_795_528_931 * SECOND
    place = now - 90 * MINUTE
    scale = scale_for((now - 600 * MINUTE, now), place, RECENT, 91)
    assert 40 <= scale.bar_at(place) <= 50
    assert not scale.holds(now)


def test_where_the_clock_was_set_back_the_present_is_shown() -> None:
    present, ahead = 1_000 * MINUTE, 1_500 * MINUTE
    scale = scale_for((0, ahead), present, RECENT, 91)
    assert scale.holds(present)
    assert not scale.holds(ahead)


@given(st.integers(0, 1 << 64), BARS)
def test_a_width_is_the_least_at_which_the_span_fits(span: int, bars: int) -> None:
    width = width_for(span, bars)
    assert width in WIDTHS
    assert width * (bars - 1) >= span or width == WIDTHS[-1]
    assert width == WIDTHS[0] or WIDTHS[WIDTHS.index(width) - 1] * (bars - 1) < span


def test_spans_are_stepped_through_and_end_at_both_ends() -> None:
    assert stepped(RECENT, 1) > RECENT > stepped(RECENT, -1)
    assert stepped(ALL, 1) == ALL
    assert stepped(SPANS[0], -1) == SPANS[0]


def test_times_are_told_in_their_largest_unit() -> None:
    told = [present_width(width) for width in WIDTHS]
    assert len(set(told)) == len(told)
    assert {"5 ms", "30 s", "15 min", "12 h", "50 d"} < set(told)
    assert [present_span(span) for span in SPANS[-3:]] == [
        "the last 1 d",
        "the last 7 d",
        "all the time there is",
    ]
