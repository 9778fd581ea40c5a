import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.model.printing import bar, is_plain, printable, progress, seconds, size, sparkline


@given(st.text())
def test_nothing_told_can_command_a_terminal(text: str) -> None:
    shown = printable(text)
    assert all(character.isprintable() for character in shown)


@given(st.one_of(st.text(), st.text(st.characters(max_codepoint=0x7F))))
def test_plain_text_is_ascii_that_may_be_printed(text: str) -> None:
    assert is_plain(text) == (text.isascii() and text.isprintable())


@given(st.lists(st.text(st.sampled_from("a ~\n\té"), max_size=3), min_size=1, max_size=4))
def test_lines_are_plain_when_each_is(lines: list[str]) -> None:
    assert is_plain("\n".join(lines), len(lines) - 1) == all(map(is_plain, lines))


def test_printable_text_stays_as_it_is() -> None:
    assert printable("✔ naïve 🎉 [bold]") == "✔ naïve 🎉 [bold]"


def test_tabs_indent_as_in_a_terminal() -> None:
    assert printable("\tat Main.java\tx") == "        at Main.java    x"


def test_escape_sequences_are_shown() -> None:
    assert printable("\x1b]0;title\x07\x7f\x85") == "␛]0;title␇␡\\u0085"


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (65, "1 m 05 s"),
        (7800, "2 h 10 m"),
        (1e6, "11 days"),
    ],
)
def test_durations_are_said_as_people_say_them(duration: float, said: str) -> None:
    assert seconds(duration) == said


@pytest.mark.parametrize(("count", "said"), [(0, "0 B"), (812, "812 B"), (4300000, "4.1 MiB")])
def test_sizes_are_said_as_people_say_them(count: int, said: str) -> None:
    assert size(count) == said


@pytest.mark.parametrize(
    ("far", "said"),
    [
        ((3, 5, "files", 0.0), "3/5 files"),
        ((3, 0, "files", 0.0), ""),
        ((1_258_291, 4_300_000, "B", 3_145_728.0), "1.2 MiB of 4.1 MiB, 3.0 MiB/s"),
        ((1_258_291, 0, "B", 0.0), "1.2 MiB"),
    ],
)
def test_progress_is_said_in_its_unit(far: tuple[int, int, str, float], said: str) -> None:
    assert progress(*far) == said


def test_bars_and_sparklines() -> None:
    assert bar(1, 2, 4) == "▇▇░░"
    assert bar(3, 0, 4) == ""
    assert bar(-(10**30), 1, 4) == "░░░░"
    assert sparkline((0.0, 1.0, 2.0)) == "▁▅█"
    assert sparkline(()) == ""
