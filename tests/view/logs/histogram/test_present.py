from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.logs.tally import Bar
from tui.view.logs.histogram.present import (
    LEFT,
    Picture,
    axis_cells,
    bar_cells,
    present_bar,
    present_histogram,
    short,
)
from tui.view.logs.histogram.scale import DAY, MINUTE, SECOND, WIDTHS, Scale

NOON = 1_767_268_800 * SECOND
"""2026-01-01 12:00 UTC."""
QUIET = Bar()
BARS = st.builds(Bar, st.integers(0, 10**12), st.integers(0, 9), st.integers(0, 9))


def picture(
    bars: Iterable[Bar],
    *,
    width: int = SECOND,
    ending: int = NOON,
    on_screen: tuple[int, int] = (-1, -1),
    releases: tuple[tuple[int, int], ...] = (),
    scanning: int | None = None,
) -> Picture:
    bars = tuple(bars)
    scale = Scale(width, ending // width - len(bars) + 1, len(bars))
    return Picture(scale, bars, ending, on_screen, releases, scanning)


def rows(shown: Picture) -> list[str]:
    return present_histogram(shown).plain.split("\n")


def axis(shown: Picture) -> str:
    return "".join(character for character, _ in axis_cells(shown))


def test_two_rows_tell_times_counts_and_what_is_where() -> None:
    bars = [Bar(1), QUIET, QUIET, QUIET, Bar(8, 2), Bar(4, 1, 3), Bar(2)]
    shown = picture(bars, on_screen=(5, 6), releases=((1, 15),))
    assert rows(shown) == [
        "max 8/1 s       ▁   █▄▂ ✖ 3 ! 3",
        "11:59:54        ─┊15─✖━ 12:00:00",
    ]


@given(st.lists(BARS, min_size=20, max_size=120), st.sampled_from(WIDTHS), st.integers(0, 100))
def test_any_picture_is_two_rows_with_a_cell_for_each_bar(
    bars: list[Bar], width: int, at: int
) -> None:
    shown = picture(bars, width=width, on_screen=(at, at + 3), releases=((at, 15), (at + 2, 16)))
    first, second = rows(shown)
    assert cell_len(first[:LEFT]) == cell_len(second[:LEFT]) == LEFT
    assert len(bar_cells(bars)) == len(axis_cells(shown)) == len(bars)
    assert cell_len(first) <= LEFT + len(bars) + 14
    assert cell_len(second) <= LEFT + len(bars) + 14


@given(st.lists(BARS, min_size=1, max_size=60))
def test_a_bar_is_visible_if_and_only_if_it_has_lines_and_the_tallest_is_the_highest(
    bars: list[Bar],
) -> None:
    cells = [character for character, _ in bar_cells(bars)]
    assert [cell != " " for cell in cells] == [bar.lines > 0 for bar in bars]
    tallest = max(range(len(bars)), key=lambda at: bars[at].lines)
    assert max(cells) == cells[tallest]


@given(st.lists(BARS, min_size=1, max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_every_bar_with_errors_is_marked_whatever_else_is_there(
    bars: list[Bar], at: int, other: int
) -> None:
    shown = picture(bars, on_screen=(at, other), releases=((at, 1), (other, 999)))
    assert [cell == "✖" for cell in axis(shown)] == [bar.errors > 0 for bar in bars]


def test_a_mark_for_errors_on_the_screen_looks_different_from_others() -> None:
    (_, away), (_, here) = axis_cells(picture([Bar(1, 0, 1), Bar(1, 0, 1)], on_screen=(1, 1)))
    assert away != here


def test_a_revision_stands_where_it_is_not_in_the_way_of_an_error() -> None:
    broken = Bar(1, 0, 1)
    assert axis(picture([QUIET] * 6, releases=((1, 15),))) == "─┊15──"
    assert axis(picture([QUIET, QUIET, QUIET, QUIET, broken], releases=((3, 15),))) == "─15┊✖"
    assert axis(picture([*[QUIET] * 4, broken, QUIET], releases=((3, 15),))) == "─15┊✖─"
    assert axis(picture([broken, QUIET, broken], releases=((1, 15),))) == "✖┊✖"
    assert axis(picture([QUIET, broken, QUIET, QUIET], releases=((1, 15),))) == "─✖15"
    assert axis(picture([QUIET] * 5, releases=((0, 15), (1, 16)))) == "┊┊16─"
    assert axis(picture([QUIET] * 4, releases=((-1, 14), (4, 15)))) == "────"
    close = picture([*[QUIET] * 4, broken, QUIET], releases=((1, 1), (3, 2)))
    assert axis(close) == "1┊2┊✖─", "no revision 12 was begun"


def test_what_is_on_the_screen_is_a_heavy_line_as_far_as_it_is_in_the_picture() -> None:
    assert axis(picture([QUIET] * 5, on_screen=(1, 2))) == "─━━──"
    assert axis(picture([QUIET] * 5, on_screen=(-7, 1))) == "━━───"
    assert axis(picture([QUIET] * 5, on_screen=(4, 90))) == "────━"
    assert axis(picture([QUIET] * 5, on_screen=(-9, -4))) == "─────"


def test_it_says_how_far_a_filter_is() -> None:
    assert rows(picture([Bar(1)] * 20, scanning=40))[0].startswith("scanning 40 % ")


@pytest.mark.parametrize(
    ("width", "begin"),
    [
        (SECOND // 1000, "11:59:59.981"),
        (SECOND // 2, "11:59:50"),
        (SECOND, "11:59:41"),
        (MINUTE, "11:41"),
        (60 * MINUTE, "Dec 31 17:00"),
        (DAY, "2025-12-13"),
        (50_000 * DAY, "?"),
    ],
)
def test_times_are_told_as_exactly_as_the_bars_are_narrow(width: int, begin: str) -> None:
    told = rows(picture([Bar(1)] * 20, width=width))[1].split()
    assert " ".join(told[: len(begin.split())]) == begin


def test_a_bar_is_told_in_words() -> None:
    shown = picture([Bar(1), Bar(1200, 1, 2)], releases=((0, 15), (2, 16)))
    assert present_bar(shown, 0) == "11:59:59 to 12:00:00\n1 line\nrevision 15 was begun"
    assert present_bar(shown, 1) == "12:00:00 to 12:00:01\n1,200 lines\n2 errors\n1 warning"


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1.0k"),
        (1_249, "1.2k"),
        (9_999, "9.9k"),
        (10_000, "10k"),
        (999_999, "999k"),
        (3_456_789, "3.4M"),
        (10**9, "1G"),
    ],
)
def test_numbers_are_short(count: int, told: str) -> None:
    assert short(count) == told
