from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, split_graphemes

from tui.view.logs.wrapping import abbreviated, cut, wrapped

texts = st.text(st.sampled_from("ab é漢字́🎉👩‍‍️🇩🇪"), max_size=80) | st.text(
    st.sampled_from("abc  "), max_size=80
)


def parts(text: str, starts: list[int]) -> list[str]:
    return [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


@given(texts, st.integers(1, 30))
def test_wrapped_lines_are_the_text_and_each_fits(text: str, width: int) -> None:
    lines = parts(text, wrapped(text, width))
    assert "".join(lines) == text
    for line in lines:
        visible = sum(1 for _, _, cells in split_graphemes(line)[0] if cells)
        assert cell_len(line) <= width or visible == 1


@given(texts, st.integers(1, 30))
def test_wrapping_never_cuts_a_grapheme_apart(text: str, width: int) -> None:
    edges = {0} | {end for _, end, _ in split_graphemes(text)[0]}
    assert set(wrapped(text, width)) <= edges


def test_a_line_ends_after_a_space_when_one_is_near() -> None:
    assert parts("the quick brown fox", wrapped("the quick brown fox", 12)) == [
        "the quick ",
        "brown fox",
    ]


def test_a_word_longer_than_the_width_is_cut() -> None:
    assert parts("x" * 25, wrapped("x" * 25, 10)) == ["x" * 10, "x" * 10, "x" * 5]


def test_no_width_gives_one_line() -> None:
    assert wrapped("abc", 0) == [0]


@given(texts, st.integers(0, 30))
def test_cut_takes_as_much_as_fits(text: str, cells: int) -> None:
    length = cut(text, cells)
    assert sum(width for _, end, width in split_graphemes(text)[0] if end <= length) <= cells


@given(texts, st.integers(1, 30))
def test_what_is_abbreviated_and_its_note_account_for_every_character(
    text: str, longest: int
) -> None:
    head, note = abbreviated(text, longest)
    assert text.startswith(head)
    left = int(note.removeprefix("… +").replace(",", "")) if note else 0
    assert len(head) + left == len(text)


def test_a_long_line_says_how_much_is_left_out() -> None:
    assert abbreviated("x" * 13_345) == ("x" * 1000, "… +12,345")
