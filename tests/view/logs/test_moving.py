from pathlib import Path

import pytest
from textual.geometry import Offset
from textual.pilot import Pilot

from tests.view.logs.hosting import (
    heading,
    messages,
    numbered,
    record,
    shown,
    stored,
    texts,
    until,
)
from tui.view.logs.detail import LineScreen, TextView
from tui.view.logs.pane import LogPane

HOSTILE = [
    "[bold red]markup[/bold red] [/] [/b] values[0].image[/b]",
    "\x1b[31mred\x1b[0m \x1b]52;c;aGFja2Vk\x07 \x1b[2J\x1b[1;1H cleared",
    "title \x1b]0;owned\x07 bell \a back \b\b del \x7f csi \x9b31m",
    "nul \x00 tab\there carriage\rreturn vertical\x0bfeed",
    "wide 漢字漢字 emoji 🎉👩‍👩‍👧 flags 🇩🇪 combining é́́ rtl \u202eabc\u202c",
    "lone surrogate \udc80 and $variables {braces} \\[escaped",
    "x" * 70_000,
    "",
]


def at(pane: LogPane) -> int:
    return pane.lines.window.cursor - pane.lines.window.first


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        (["up"], 98),
        (["k", "k"], 97),
        (["up", "up", "down"], 98),
        (["k", "k", "j"], 98),
        (["home"], 0),
        (["g"], 0),
        (["g", "end"], 99),
        (["g", "G"], 99),
        (["home", "pagedown"], 18),
        (["home", "space"], 18),
        (["pageup"], 81),
        (["ctrl+b"], 81),
    ],
)
async def test_keys_move_the_cursor(tmp_path: Path, keys: list[str], cursor: int) -> None:
    async with shown(await stored(tmp_path / "logs.db", numbered(100))) as (pane, pilot):
        await until(pilot, lambda: messages(pane)[-1:] == ["INFO line 99"])
        await pilot.press(*keys)
        assert at(pane) == cursor
        assert f"INFO line {cursor}" in messages(pane)


async def test_the_wheel_scrolls_and_at_the_end_follows_again(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", numbered(100))) as (pane, pilot):
        await until(pilot, lambda: messages(pane)[-1:] == ["INFO line 99"])
        await wheel(pilot, pane, up=True)
        assert messages(pane)[-1] == "INFO line 96"
        assert "paused" in heading(pane)
        await wheel(pilot, pane, up=False)
        assert "following" in heading(pane)


async def wheel(pilot: Pilot[None], pane: LogPane, *, up: bool) -> None:
    from textual.events import MouseScrollDown, MouseScrollUp

    kind = MouseScrollUp if up else MouseScrollDown
    await pilot._post_mouse_events([kind], widget=pane.lines, offset=(5, 5))


async def test_a_click_on_the_scrollbar_pages(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", numbered(100))) as (pane, pilot):
        await until(pilot, lambda: messages(pane)[-1:] == ["INFO line 99"])
        await pilot.click("ScrollBar", offset=(0, 2))
        await until(pilot, lambda: messages(pane)[-1] == "INFO line 81")


async def test_long_lines_scroll_sideways(tmp_path: Path) -> None:
    said = [record("".join(chr(97 + n % 26) for n in range(200)))]
    async with shown(await stored(tmp_path / "logs.db", said)) as (pane, pilot):
        await until(pilot, lambda: texts(pane)[0].endswith("›"))
        await pilot.press("right")
        assert messages(pane)[0].startswith("qrstuv")
        await pilot.press("left", "left")
        assert messages(pane)[0].startswith("abc")


async def test_z_wraps_without_losing_a_character(tmp_path: Path) -> None:
    text = " ".join(f"word{n}" for n in range(60))
    solid = "".join(text.split())
    said = [record(text), *numbered(3)]
    async with shown(await stored(tmp_path / "logs.db", said)) as (pane, pilot):
        await until(pilot, lambda: len(messages(pane)) == 4)
        await pilot.press("z")
        await until(pilot, lambda: "".join(messages(pane)[:-3]).replace(" ", "") == solid)
        await pilot.press("z")
        await until(pilot, lambda: len(messages(pane)) == 4)


async def test_wrapped_lines_scroll_through_to_both_ends(tmp_path: Path) -> None:
    said = [record(f"{n} " + "word " * (n), n) for n in range(50)]
    async with shown(await stored(tmp_path / "logs.db", said), size=(60, 10)) as (pane, pilot):
        await pilot.press("z", "home")
        seen = set()
        for _ in range(60):
            seen |= {text.split()[2] for text in texts(pane) if text.startswith("12:00")}
            await pilot.press("pagedown")
        assert pane.lines.window.following
        assert len(seen) == 50


async def test_t_hides_the_times(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", numbered(2))) as (pane, pilot):
        await until(pilot, lambda: texts(pane)[0].startswith("12:00:00.000"))
        await pilot.press("t")
        await until(pilot, lambda: texts(pane)[0].startswith("app-1"))


async def test_hostile_lines_are_shown_harmlessly(tmp_path: Path) -> None:
    said = [record(message, n) for n, message in enumerate(HOSTILE)]
    async with shown(await stored(tmp_path / "logs.db", said), size=(120, 30)) as (pane, pilot):
        await until(pilot, lambda: len(messages(pane)) >= 7)
        for keys in ([], ["z"], ["z", "t"], ["right"], ["left", "home"]):
            await pilot.press(*keys)
            strips = pilot.app.screen._compositor.render_strips(pilot.app.size)
            whole = "\n".join(strip.text for strip in strips)
            assert not {c for c in whole if ord(c) < 32 and c != "\n"}
            assert not {c for c in whole if 0x7F <= ord(c) < 0xA0}
            assert "\u202e" not in whole
            whole.encode()
        assert "[bold red]markup[/bold red] [/] [/b] values[0].image[/b]" in whole
        for _ in HOSTILE:
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, LineScreen))
            await pilot.press("escape", "j")


async def test_enter_and_two_clicks_show_the_line_whole_and_y_copies_it(tmp_path: Path) -> None:
    message = '{"a": 1, "long": "' + "x" * 3000 + '"}'
    async with shown(await stored(tmp_path / "logs.db", [record("first"), record(message)])) as (
        pane,
        pilot,
    ):
        await until(pilot, lambda: len(messages(pane)) == 2)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LineScreen))
        await pilot.press("y", "down", "j", "k", "pagedown", "end")
        assert pilot.app.clipboard == message
        assert pilot.app.screen.query_one(TextView).scroll_offset.y > 0
        await pilot.press("escape")
        await pilot.click(pane.lines, offset=(40, 0), times=2)
        await until(pilot, lambda: isinstance(pilot.app.screen, LineScreen))
        await pilot.press("y")
        assert pilot.app.clipboard == "first"


async def test_y_copies_the_line_under_the_cursor(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", numbered(5))) as (pane, pilot):
        await until(pilot, lambda: len(messages(pane)) == 5)
        await pilot.press("up", "y")
        assert pilot.app.clipboard == "INFO line 3"


async def test_the_mouse_selects_exactly_and_y_copies(tmp_path: Path) -> None:
    said = [record("héllo 漢字 wörld"), record("x" * 2000), record("last line")]
    async with shown(await stored(tmp_path / "logs.db", said)) as (pane, pilot):
        await until(pilot, lambda: len(messages(pane)) == 3)
        indent = pane.lines.look.columns.width
        await drag(pilot, pane, Offset(indent + 6, 0), Offset(indent + 8, 0))
        await pilot.press("y")
        assert pilot.app.clipboard == "漢字"
        await drag(pilot, pane, Offset(3, 0), Offset(indent + 3, 2))
        await pilot.press("y")
        assert pilot.app.clipboard == "\n".join(["héllo 漢字 wörld", "x" * 2000, "last"])
        await pilot.press("escape")
        assert pane.lines.text_selection is None


async def drag(pilot: Pilot[None], pane: LogPane, start: Offset, end: Offset) -> None:
    await pilot.mouse_down(pane.lines, offset=start)
    await pilot.hover(pane.lines, offset=end)
    await pilot.mouse_up(pane.lines, offset=end)
    await pilot.pause()


async def test_selecting_while_lines_arrive_holds_still(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", numbered(100))) as (pane, pilot):
        await until(pilot, lambda: messages(pane)[-1:] == ["INFO line 99"])
        await pilot.mouse_down(pane.lines, offset=(40, 5))
        assert not pane.lines.window.following
        await pilot.mouse_up(pane.lines, offset=(40, 5))
        assert at(pane) == 86


async def test_any_size_is_survived_with_the_cursor_in_sight(tmp_path: Path) -> None:
    said = [record("word " * (n % 40), n) for n in range(300)]
    async with shown(await stored(tmp_path / "logs.db", said)) as (pane, pilot):
        await pilot.press("pageup", "pageup")
        line = pane.lines.cursor_line
        for wrap in (False, True):
            for size in ((1, 1), (200, 60), (20, 5), (3, 40), (80, 24), (2, 2), (120, 36)):
                await pilot.resize_terminal(*size)
                await pilot.pause()
                assert pane.lines.cursor_line == line
            if not wrap:
                await pilot.press("z")


async def test_a_theme_change_recolours_the_lines(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", numbered(5))) as (pane, pilot):
        await until(pilot, lambda: len(messages(pane)) == 5)
        before = pane.lines.look.palette["time"].color
        pilot.app.theme = "textual-light"
        await until(pilot, lambda: pane.lines.look.palette["time"].color != before)
        assert len(messages(pane)) == 5


async def test_a_store_that_cannot_be_read_for_a_moment_loses_nothing(tmp_path: Path) -> None:
    database = tmp_path / "logs.db"
    async with shown(await stored(database, numbered(5000))) as (pane, pilot):
        await pilot.press("pageup")
        before = messages(pane)
        hidden = tmp_path / "hidden.db"
        database.rename(hidden)
        pane.lines.excerpt.pages.clear()
        pane.lines.restyle()
        await pilot.pause()
        hidden.rename(database)
        await until(pilot, lambda: messages(pane) == before)
        assert "paused" in heading(pane)


async def test_every_key_has_an_id_and_a_tooltip(tmp_path: Path) -> None:
    from textual.binding import Binding

    from tui.view.logs import keys

    bindings = [*keys.LINE_KEYS, *keys.PANE_KEYS, *keys.BAR_KEYS, *keys.CHOICE_KEYS]
    assert all(
        isinstance(binding, Binding) and binding.id and binding.tooltip for binding in bindings
    )
    assert len({binding.id for binding in bindings}) == len(bindings)
    taken = set("curwlheo/?qx")
    assert not {key for binding in bindings for key in binding.key.split(",")} & taken
    assert LogPane.HELP
