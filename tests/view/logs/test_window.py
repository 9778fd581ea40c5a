import itertools

from hypothesis import given
from hypothesis import strategies as st

from tui.view.logs.window import (
    Heights,
    Window,
    at_end,
    at_start,
    centred,
    dragged,
    grown,
    held,
    moved,
    resized,
    revealed,
    scrolled,
    visible,
)


def one(_row: int) -> int:
    return 1


def uneven(row: int) -> int:
    return 1 + row * 7 % 5


heights = st.sampled_from([one, uneven])


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, Heights]:
    """A window somewhere in its rows, reached as a reader would reach it."""
    tall = draw(heights)
    first = draw(st.integers(-20, 20))
    stop = first + draw(st.integers(0, 40))
    window = at_end(Window(first, stop, draw(st.integers(0, 12))), tall)
    for by in draw(st.lists(st.integers(-15, 15), max_size=4)):
        window = scrolled(window, by, tall)
    return window, tall


def consecutive(shown: list[tuple[int, int]], tall: Heights) -> bool:
    return all(
        after == ((row, line + 1) if line + 1 < tall(row) else (row + 1, 0))
        for (row, line), after in itertools.pairwise(shown)
    )


def assert_sound(window: Window, tall: Heights) -> None:
    shown = visible(window, tall)
    total = sum(tall(row) for row in range(window.first, window.stop))
    assert len(shown) == min(window.height, total), "no empty lines while there are rows"
    assert consecutive(shown, tall)
    assert all(window.first <= row < window.stop for row, _ in shown)
    if not window.empty:
        assert window.first <= window.cursor < window.stop
    if window.following and shown:
        assert shown[-1] == (window.stop - 1, tall(window.stop - 1) - 1)


@given(windows(), st.integers(-50, 50))
def test_scrolling_stays_within_the_rows(place: tuple[Window, Heights], by: int) -> None:
    window, tall = place
    after = scrolled(window, by, tall)
    assert_sound(after, tall)
    if visible(after, tall):
        assert after.cursor in {row for row, _ in visible(after, tall)} or after.following


@given(windows(), st.integers(0, 50))
def test_scrolling_up_and_down_again_shows_the_same(place: tuple[Window, Heights], by: int) -> None:
    window, tall = place
    up = scrolled(window, -by, tall)
    far = sum(tall(row) for row in range(window.first, window.top)) + window.skip
    down = scrolled(up, min(by, far), tall)
    assert visible(down, tall) == visible(window, tall)


@given(windows(), st.integers(0, 30), st.integers(0, 60))
def test_text_holds_still_while_lines_arrive_and_old_ones_are_pruned(
    place: tuple[Window, Heights], arrived: int, pruned: int
) -> None:
    window, tall = place
    window = held(window)
    stop = window.stop + arrived
    first = min(window.first + pruned, stop)
    after = grown(window, first, stop, tall)
    assert_sound(after, tall)
    before = visible(window, tall)
    if len(before) == window.height and first <= window.top:
        assert visible(after, tall) == before
    assert after.unseen == arrived


@given(windows(), st.integers(0, 30))
def test_older_rows_found_above_do_not_move_the_text(
    place: tuple[Window, Heights], older: int
) -> None:
    window, tall = place
    before = visible(window, tall)
    after = grown(window, window.first - older, window.stop, tall)
    assert_sound(after, tall)
    if len(before) == window.height:
        assert visible(after, tall) == before


@given(windows(), st.integers(0, 30))
def test_following_shows_the_newest(place: tuple[Window, Heights], arrived: int) -> None:
    window, tall = place
    after = grown(at_end(window, tall), window.first, window.stop + arrived, tall)
    assert_sound(after, tall)
    assert after.following
    assert after.unseen == 0


@given(windows(), st.integers(-60, 60))
def test_the_cursor_stays_on_screen_when_moved(place: tuple[Window, Heights], by: int) -> None:
    window, tall = place
    after = moved(window, by, tall)
    assert_sound(after, tall)
    if not window.empty and window.height:
        assert after.cursor in {row for row, _ in visible(after, tall)}


@given(windows(), st.integers(-60, 60), st.sampled_from([revealed, centred]))
def test_a_row_jumped_to_is_shown(place: tuple[Window, Heights], at: int, jump: object) -> None:
    window, tall = place
    if window.empty or not window.height:
        return
    row = max(window.first, min(at, window.stop - 1))
    after = jump(window, row, tall)  # type: ignore[operator]  # one of two functions
    assert after.cursor == row
    assert_sound(held(after), tall)
    assert (row, 0) in visible(after, tall) or tall(row) > window.height


@given(windows(), st.integers(-60, 60))
def test_dragging_the_scrollbar_puts_the_row_on_top_or_ends(
    place: tuple[Window, Heights], at: int
) -> None:
    window, tall = place
    after = dragged(window, at, tall)
    assert_sound(after, tall)
    if window.height and not after.following:
        assert (after.top, after.skip) == (max(window.first, min(at, window.stop - 1)), 0)


@given(windows(), st.integers(0, 30))
def test_resizing_keeps_the_cursor_on_screen(place: tuple[Window, Heights], height: int) -> None:
    window, tall = place
    after = resized(window, height, tall)
    assert_sound(after, tall)
    if not window.empty and height:
        assert after.cursor in {row for row, _ in visible(after, tall)}


@given(windows())
def test_the_start_shows_the_oldest(place: tuple[Window, Heights]) -> None:
    window, tall = place
    after = at_start(window, tall)
    assert_sound(after, tall)
    assert not after.following
    assert visible(after, tall)[:1] == [(window.first, 0)][: len(visible(after, tall))]


def test_going_up_stops_following_and_reaching_the_end_resumes() -> None:
    window = at_end(Window(0, 100, 10), one)
    up = moved(window, -1, one)
    assert not up.following
    assert moved(up, 1, one).following
    wheel = scrolled(window, -3, one)
    assert not wheel.following
    assert wheel.top == 87
    assert scrolled(wheel, 3, one).following


def test_scrolling_up_where_all_is_shown_goes_on_following() -> None:
    window = at_end(Window(0, 5, 10), one)
    assert scrolled(window, -3, one).following


def test_new_lines_are_counted_from_when_following_ended() -> None:
    window = scrolled(at_end(Window(0, 100, 10), one), -3, one)
    assert grown(window, 0, 1334, one).unseen == 1234
    assert at_end(grown(window, 0, 1334, one), one).unseen == 0
