import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.logs.sanitise import TURNING, sanitise, sanitise_all

hostile = st.text(st.sampled_from("a\x1b[]0;m\x07\x9b\x9d\x00\r\n\t\x7f\u202e\ud800\\é🎉 "))


@given(st.one_of(st.text(), hostile))
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    shown = sanitise(text)
    assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in shown)
    assert TURNING.isdisjoint(shown)
    assert "\n" not in shown


@given(st.one_of(st.text(), hostile))
def test_sanitising_twice_changes_nothing(text: str) -> None:
    assert sanitise(sanitise(text)) == sanitise(text)


@given(st.lists(st.one_of(st.text(), hostile)))
def test_many_texts_are_made_safe_as_each_is_alone(texts: list[str]) -> None:
    assert sanitise_all(texts) == [sanitise(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain [bold]text[/bold] 🎉", "plain [bold]text[/bold] 🎉"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]52;c;aGk=\x1b\\after", "after"),
        ("\x1bPq#0\x1b\\after", "after"),
        ("\x1b[2J\x1b[Hcleared", "cleared"),
        ("\x1b(Btext\x1b=", "text"),
        ("10 %\r50 %\r100 %", "100 %"),
        ("done\r", "done"),
        ("a\tb", "a       b"),
        ("nul\x00del\x7f", "nul␀del␡"),
        ("\u202egnp.exe", "<202e>gnp.exe"),
        ("lone \ud800", "lone \ufffd"),
        ("line\u2028break", "line<2028>break"),
        ("\x1b]unfinished", "unfinished"),
        ("bell\x07 and back\x08space", "bell and backspace"),
        ("family 👨‍👩‍👧 \ue0b0", "family 👨‍👩‍👧 \ue0b0"),
    ],
)
def test_what_is_shown_of_hostile_lines(text: str, shown: str) -> None:
    assert sanitise(text) == shown
