import threading
from array import array
from collections.abc import Iterator
from pathlib import Path

from textual.widgets import Input, Static

from tests.view.logs.hosting import (
    PATIENCE,
    add,
    heading,
    messages,
    numbered,
    record,
    shown,
    stored,
    until,
    writing,
)
from tui.logs.reader import LogReader
from tui.model.loglines import Level, LogFilter
from tui.view.logs.body import Plaque
from tui.view.logs.choice import Choice
from tui.view.logs.filter_bar import FilterBar
from tui.view.logs.pane import LogPane

SAID = [
    record("INFO served /orders", 1, pod="app-1"),
    record("ERROR failed /orders", 2, "stderr", pod="app-2", revision=2),
    record("DEBUG cache miss", 3, pod="app-1", revision=2),
    record("plain words", 4, pod="app-2"),
    record("revision 2 began", 5, "marker", revision=2),
    record("Collecting flask", 6, "build"),
]


def status(pane: LogPane) -> str:
    return str(pane.query_one(FilterBar).query_one(".filter-bar--status", Static).content)


async def test_the_filter_is_live_while_it_is_typed(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", SAID)) as (pane, pilot):
        await until(pilot, lambda: len(messages(pane)) == 6)
        await pilot.press("slash", *"orders")
        await until(
            pilot, lambda: messages(pane) == ["INFO served /orders", "ERROR failed /orders"]
        )
        assert "all pods · /orders/" in heading(pane)
        assert "2 of 6 lines" in heading(pane)
        await pilot.press("tab", *"failed")
        await until(pilot, lambda: messages(pane) == ["INFO served /orders"])
        assert "/orders/ · -/failed/" in heading(pane)


async def test_small_letters_match_capitals_and_a_capital_is_meant(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", SAID)) as (pane, pilot):
        await pilot.press("slash", *"error")
        await until(pilot, lambda: messages(pane) == ["ERROR failed /orders"])
        await pilot.press(*["backspace"] * 5, *"Error")
        await until(pilot, lambda: "0 of 6" in heading(pane))


async def test_escape_closes_the_bar_and_the_filter_stays_until_backspace(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", SAID)) as (pane, pilot):
        await pilot.press("slash", *"flask", "escape")
        await until(pilot, lambda: messages(pane) == ["Collecting flask"])
        assert not pane.query_one(FilterBar).display
        assert pilot.app.focused is pane.lines
        await pilot.press("slash")
        assert pane.query_one("#include", Input).value == "flask"
        await pilot.press("enter", "backspace")
        await until(pilot, lambda: len(messages(pane)) == 6)


async def test_an_expression_that_is_none_is_told_with_its_place(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", SAID)) as (pane, pilot):
        await pilot.press("slash", *"flask")
        await until(pilot, lambda: messages(pane) == ["Collecting flask"])
        await pilot.press("left_parenthesis")
        await until(pilot, lambda: "✖" in status(pane))
        assert status(pane) == "✖ include: missing ), at character 7"
        assert messages(pane) == ["Collecting flask"]
        await pilot.press("backspace")
        await until(pilot, lambda: "✖" not in status(pane))


async def test_brackets_are_text_in_bar_and_heading(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", [record("[red]x[/red]")])) as (pane, pilot):
        await pilot.press("slash", *"[/")
        await until(pilot, lambda: "✖ include: unterminated character set" in status(pane))
        await pilot.press(*"r]ed]")
        await until(pilot, lambda: "/[/r]ed]/" in heading(pane))
        await until(pilot, lambda: messages(pane) == ["[red]x[/red]"])


async def test_level_pod_revision_and_stream_are_chosen(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", SAID)) as (pane, pilot):
        await pilot.press("slash", "tab", "tab", "left", "left")
        await until(
            pilot,
            lambda: (
                messages(pane)
                == [
                    "ERROR failed /orders",
                    "plain words",
                    "── 12:00:00 revision 2 began",
                    "Collecting flask",
                ]
            ),
        )


async def test_the_choices_offer_what_there_is(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", SAID)) as (pane, pilot):
        await pilot.press("slash")
        pod, revision, stream = (
            pane.query_one(f"#{name}", Choice) for name in ("pod", "revision", "stream")
        )
        pod.focus()
        await pilot.press("right", "right")
        await until(pilot, lambda: "2 of 6" in heading(pane) and "app-2" in heading(pane))
        revision.focus()
        await pilot.press("2")
        await until(pilot, lambda: messages(pane)[:1] == ["ERROR failed /orders"])
        stream.focus()
        await pilot.press("space")
        await until(pilot, lambda: "stdout" in heading(pane))
        await pilot.click(pod)
        await until(pilot, lambda: "all pods · revision 2 · stdout" in heading(pane))


async def test_letters_in_a_choice_do_not_reach_the_cockpit(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", SAID)) as (pane, pilot):
        await pilot.press("slash")
        pane.query_one("#pod", Choice).focus()
        await pilot.press("z", "t", "w")
        assert not pane.lines.wrap
        assert pane.lines.timestamps


async def test_v_raises_and_lowers_the_level(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", SAID)) as (pane, pilot):
        await pilot.press("v", "v")
        await until(pilot, lambda: "level ≥ info" in heading(pane))
        await until(pilot, lambda: not any("DEBUG" in said for said in messages(pane)))
        await pilot.press(*"vvvvv")
        await until(pilot, lambda: "level ≥ error" in heading(pane))
        await pilot.press(*"VVVVVV")
        await until(pilot, lambda: len(messages(pane)) == 6)


async def test_no_match_says_how_to_clear(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", SAID)) as (pane, pilot):
        await pilot.press("slash", *"nowhere")
        words = pane.query_one(Plaque)
        await until(pilot, lambda: "backspace shows all lines" in words.words)
        assert "no line matches all pods · /nowhere/" in words.words
        await pilot.press("escape", "backspace")
        await until(pilot, lambda: len(messages(pane)) == 6)
        assert words.words == ""


async def test_matching_lines_that_arrive_are_followed(tmp_path: Path) -> None:
    database = tmp_path / "logs.db"
    async with (
        writing(database, numbered(5000)) as store,
        shown(LogReader(database)) as (pane, pilot),
    ):
        await pilot.press("slash", *"77", "escape")
        await until(pilot, lambda: messages(pane)[-1:] == ["INFO line 4977"])
        await add(store, numbered(200, 5000))
        await until(pilot, lambda: messages(pane)[-1:] == ["INFO line 5177"])
        await pilot.press("up", "up", "up")
        before = messages(pane)
        await add(store, numbered(200, 5200))
        await until(pilot, lambda: "press end" in badge(pane))
        assert messages(pane) == before
        assert "+2 new lines" in badge(pane)


async def test_the_line_read_stays_when_the_filter_changes(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", numbered(60_000))) as (pane, pilot):
        await pilot.press("home", "pagedown", "pagedown")
        line = pane.lines.cursor_line
        assert line is not None
        await pilot.press("slash", *"line 3", "escape")
        await until(pilot, lambda: "scanning" not in heading(pane) and " of 60" in heading(pane))
        near = pane.lines.cursor_line
        assert near is not None
        assert near.id == next(n + 1 for n in range(line.id - 1, 99) if str(n).startswith("3"))
        await pilot.press("backspace")
        await until(pilot, lambda: " of " not in heading(pane))
        assert pane.lines.cursor_line == near
        await until(pilot, lambda: {"INFO line 36", "INFO line 40"} <= {*messages(pane)})


async def test_enter_closes_the_bar_from_every_field(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", SAID)) as (pane, pilot):
        for tabs in range(6):
            await pilot.press("slash", *["tab"] * tabs, "enter")
            await until(pilot, lambda: not pane.query_one(FilterBar).display)
            assert pane.lines.has_focus


async def test_the_open_bar_says_so_when_a_key_shows_all_lines_again(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", SAID)) as (pane, pilot):
        await pilot.press("slash", *"nowhere")
        await until(pilot, lambda: "/nowhere/" in heading(pane))
        pane.query_one("#level", Choice).focus()
        await pilot.press("right", "backspace")
        await until(pilot, lambda: len(messages(pane)) == 6)
        assert pane.query_one("#include", Input).value == ""
        assert pane.query_one("#level", Choice).value is None


class Gated(LogReader):
    """Finds nothing in older lines before the gate is opened."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.gate = threading.Event()

    def matching(
        self, wanted: LogFilter, start: int, stop: int, newest_first: bool = True
    ) -> "Iterator[array[int]]":
        if stop < 50_000:
            self.gate.wait(PATIENCE)
        return super().matching(wanted, start, stop, newest_first)


async def test_the_line_read_stays_when_the_filter_changes_again_before_it_is_found(
    tmp_path: Path,
) -> None:
    await stored(tmp_path / "logs.db", numbered(60_000))
    reader = Gated(tmp_path / "logs.db")
    async with shown(reader) as (pane, pilot):
        await pilot.press("home", "pagedown")
        line = pane.lines.cursor_line
        assert line is not None
        pane.choose(LogFilter(include="lin"))
        await until(pilot, lambda: messages(pane))
        pane.choose(LogFilter(include="line"))
        reader.gate.set()
        await until(pilot, lambda: "60,000 of 60,000" in heading(pane))
        await until(pilot, lambda: pane.lines.cursor_line == line)


async def test_a_newer_filter_replaces_one_that_is_still_scanning(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", numbered(100_000))) as (pane, pilot):
        await pilot.press("slash")
        for key in ("l", "i", "n", "e", "space", "9", "9"):
            await pilot.press(key)
            await pilot.pause(0.05)
        want = sum("line 99" in f"INFO line {n}" for n in range(100_000))
        await until(pilot, lambda: f"{want:,} of 100,000 lines · ●" in heading(pane))


async def test_a_level_unknown_to_the_bar_survives_it(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", SAID)) as (pane, pilot):
        pane.choose(LogFilter(level=Level.INFO, pods=frozenset({"gone"})))
        await pilot.press("slash", "tab", *"x")
        await until(pilot, lambda: "gone · level ≥ info · -/x/" in heading(pane))


def badge(pane: LogPane) -> str:
    from tui.view.logs.body import Badge

    widget = pane.query_one(Badge)
    return widget.render().plain if widget.display else ""
