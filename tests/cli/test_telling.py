from hypothesis import given
from hypothesis import strategies as st

from tui.cli.telling import printable


@given(st.text())
def test_nothing_told_can_command_a_terminal(text: str) -> None:
    shown = printable(text)
    assert all(character.isprintable() or character == "\n" for character in shown)


def test_printable_text_stays_as_it_is() -> None:
    assert printable("✔ naïve 🎉 [bold]") == "✔ naïve 🎉 [bold]"


def test_escape_sequences_are_shown() -> None:
    assert printable("\x1b]0;title\x07\x7f\x85") == "␛]0;title␇␡\\u0085"
