import random

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from tests.view.logs.hosting import NOON
from tui.logs.finding import search_for
from tui.model.loglines import Level, LogLine, LogStream
from tui.view.columns import short_pod
from tui.view.logs.drawing import Cover, Place, draw, offsets
from tui.view.logs.gutter import columns
from tui.view.logs.hues import HUES, Hues
from tui.view.logs.palette import PARTS, Palette
from tui.view.logs.present import Look, paint

MATCH = Style(reverse=True)
SELECTION = Style(underline=True)
COVER = Cover(Style.null(), SELECTION)
PALETTE = Palette({part: Style(italic=True) for part in PARTS} | {"match": MATCH})

hostile = st.text(st.sampled_from("ab[/] \\é漢🎉́‍️{}<&"), max_size=60) | st.sampled_from(
    ["[bold red]x[/]", "[/b]", "values[0].image[/b]", "$name", "\\[", "[@click=quit]a[/]", "%s"]
)


def line(message: str, stream: LogStream = "stdout", level: Level = Level.INFO) -> LogLine:
    return LogLine(
        7, NOON + 123_000_000, 3, "greeter-7d9f8b-x2kqp", "app", 0, stream, level, message
    )


def look(
    width: int = 100, *, wrap: bool = False, search: str = "", timestamps: bool = True
) -> Look:
    shape = columns(width, timestamps=timestamps, pods={"greeter-7d9f8b-x2kqp"})
    return Look(width, shape, PALETTE, wrap, search_for(search) if search else None)


def drawn(said: LogLine, how: Look, left: int = 0) -> list[Strip]:
    painted = paint(said, how)
    return [
        draw(painted, Place(said.id, piece, left), how, COVER)
        for piece in range(len(painted.pieces))
    ]


def styled_as(strip: Strip, style: str) -> str:
    return "".join(text for text, look, _ in strip if look and getattr(look, style))


@given(hostile, st.integers(1, 130), st.booleans(), st.integers(0, 40))
def test_every_line_fills_its_width_exactly(
    message: str, width: int, wrap: bool, left: int
) -> None:
    for strip in drawn(line(message), look(width, wrap=wrap), 0 if wrap else left):
        assert strip.cell_length == width
        assert sum(cell_len(text) for text, _, _ in strip) == width


@given(hostile)
def test_text_is_shown_as_it_is_never_as_markup(message: str) -> None:
    (strip,) = drawn(line(message), look(200))
    assert message.rstrip() in strip.text


@given(hostile, st.integers(40, 130))
def test_wrapped_lines_lose_nothing(message: str, width: int) -> None:
    how = look(width, wrap=True)
    painted = paint(line(message), how)
    assert "".join(piece.text for piece in painted.pieces) == message


@given(hostile, st.integers(30, 130), st.booleans(), st.integers(0, 40))
def test_the_mouse_finds_the_character_under_it(
    message: str, width: int, wrap: bool, left: int
) -> None:
    how = look(width, wrap=wrap)
    painted = paint(line(message), how)
    for number, piece in enumerate(painted.pieces):
        place = Place(7, number, 0 if wrap else left)
        for text, style, _ in offsets(painted, place, how):
            if style is None or "offset" not in style.meta or not text:
                continue
            x, y = style.meta["offset"]
            assert y == 7
            assert x < -1 or x >= piece.start - how.columns.width - 1
            if x >= 0 and piece.start <= x and text.strip() and not place.left:
                assert message[x : x + len(text)] == text


def test_the_gutter_tells_time_pod_level_and_stream() -> None:
    (strip,) = drawn(line("boom", "stderr", Level.ERROR), look(100))
    assert strip.text.split() == ["12:00:00.123", "x2kqp", "ERROR", "err", "boom"]


def test_build_and_redraft_are_told_by_icon_and_word() -> None:
    assert "▸ build" in drawn(line("x", "build"), look())[0].text
    assert "◆ redraft" in drawn(line("x", "redraft"), look())[0].text


def test_a_narrow_screen_gives_up_the_gutter_part_by_part() -> None:
    said = line("boom", "stderr", Level.UNKNOWN)
    assert drawn(said, look(80))[0].text.split() == ["12:00:00.123", "x2kqp", "err", "boom"]
    assert drawn(said, look(45))[0].text.split() == ["12:00:00", "err", "boom"]
    assert drawn(said, look(10))[0].text.split() == ["boom"]
    assert drawn(said, look(80, timestamps=False))[0].text.split() == ["x2kqp", "err", "boom"]


def test_a_marker_is_a_rule_across_the_width() -> None:
    (strip,) = drawn(line("revision 4 began", "marker"), look(60))
    assert strip.text.startswith("── 12:00:00 revision 4 began ───")
    assert strip.text.endswith("───")


def test_a_line_longer_than_the_screen_is_marked_and_scrolls_sideways() -> None:
    how = look(60)
    room = how.room
    message = "".join(chr(97 + n % 26) for n in range(100))
    assert drawn(line(message), how)[0].text.endswith(message[room - 5 : room] + "›")
    assert message[16 : 16 + room] + "›" in drawn(line(message), how, left=16)[0].text
    assert drawn(line(message), how, left=96)[0].text.rstrip().endswith(message[96:])


def test_a_very_long_line_is_abbreviated_and_says_so() -> None:
    (strip,) = drawn(line("x" * 13_345), look(60), left=990)
    assert "… +12,345" in strip.text


def test_all_matches_of_the_search_are_lit() -> None:
    (strip,) = drawn(line("one two one"), look(search="one"))
    assert styled_as(strip, "reverse") == "oneone"


def test_the_note_is_lit_when_only_what_is_left_out_matches() -> None:
    (strip,) = drawn(line("x" * 5000 + "needle"), look(60, search="needle"), left=990)
    assert styled_as(strip, "reverse") == "… +4,006"


@given(st.integers(0, 12), st.integers(0, 12))
def test_the_selection_covers_its_characters(begin: int, end: int) -> None:
    said, how = line("hello wörld!"), look()
    cover = Cover(Style.null(), SELECTION, (begin, end))
    strip = draw(paint(said, how), Place(7), how, cover)
    assert styled_as(strip, "underline") == said.message[begin:end]


def test_long_pod_names_are_told_by_what_differs() -> None:
    assert short_pod("app-1", 9) == "app-1"
    assert short_pod("greeter-7d9f8b-x2kqp", 9) == "x2kqp"
    assert short_pod("a-very-long-name-1-2", 9) == "name-1-2"
    assert short_pod("averylongname1-2", 1) == "2"
    assert short_pod("averylongname_1", 9) == "…ngname_1"


def test_a_pod_has_the_same_colour_in_every_session() -> None:
    colours = Palette({f"pod-{n}": Style(color=f"color({n})") for n in range(6)})
    looks = [colours.pod(f"greeter-{n}") for n in range(1, 7)]
    assert looks[0] == Style(color="color(1)")
    assert len(set(looks)) == 6


@given(st.lists(st.text(min_size=1), max_size=30, unique=True), st.randoms())
def test_pods_that_come_one_after_another_never_share_a_hue(
    pods: list[str], order: random.Random
) -> None:
    hues = Hues()
    given = {pod: hues.of(pod) for pod in pods}
    for at in range(len(pods)):
        together = [given[pod] for pod in pods[at : at + HUES]]
        assert len(set(together)) == len(together)
    order.shuffle(pods)
    assert {pod: hues.of(pod) for pod in pods} == given
