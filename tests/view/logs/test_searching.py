from pathlib import Path

from textual.widgets import Input

from tests.view.logs.hosting import (
    PaneApp,
    heading,
    messages,
    numbered,
    record,
    shown,
    stored,
    until,
)
from tui.view.logs.pane import LogPane
from tui.view.logs.search_bar import SearchBar


def at(pane: LogPane) -> str:
    line = pane.lines.cursor_line
    return line.message if line else ""


def notices(pane: LogPane) -> list[str]:
    return [notice.message for notice in pane.app._notifications]


async def test_enter_goes_up_to_the_match_then_n_and_N_walk_and_go_round(  # noqa: N802 - names a key
    tmp_path: Path,
) -> None:
    said = [record(f"{'needle' if n in {10, 500, 3000} else 'hay'} {n}", n) for n in range(4000)]
    async with shown(await stored(tmp_path / "logs.db", said)) as (pane, pilot):
        await pilot.press("s", *"needle", "enter")
        await until(pilot, lambda: at(pane) == "needle 3000")
        assert "needle 3000" in messages(pane)
        assert "search /needle/" in heading(pane)
        assert pilot.app.focused is pane.lines
        await pilot.press("N")
        await until(pilot, lambda: at(pane) == "needle 500")
        await pilot.press("N")
        await until(pilot, lambda: at(pane) == "needle 10")
        assert notices(pane) == []
        await pilot.press("N")
        await until(pilot, lambda: at(pane) == "needle 3000")
        assert notices(pane) == ["the search went round the end"]
        await pilot.press("n")
        await until(pilot, lambda: at(pane) == "needle 10")
        await pilot.press("n")
        await until(pilot, lambda: at(pane) == "needle 500")


async def test_the_search_stays_within_the_filter(tmp_path: Path) -> None:
    said = [record(f"{'even' if n % 2 == 0 else 'odd'} needle {n}", n) for n in range(60)]
    async with shown(await stored(tmp_path / "logs.db", said)) as (pane, pilot):
        await pilot.press("slash", *"even", "escape")
        await until(pilot, lambda: "30 of 60" in heading(pane))
        await pilot.press("ctrl+f", *"needle 1", "enter")
        await until(pilot, lambda: at(pane) == "even needle 18")
        await pilot.press("N")
        await until(pilot, lambda: at(pane) == "even needle 16")


async def test_matches_light_up_while_typing(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", numbered(10))) as (_, pilot):
        await pilot.press("s", *"line")
        await until(pilot, lambda: lit(pilot.app) == ["line"] * 10)
        await pilot.press("escape")
        assert lit(pilot.app) == ["line"] * 10, "closing the bar keeps them lit"
        await pilot.press("escape")
        assert lit(pilot.app) == []
        await pilot.press("escape")
        assert isinstance(pilot.app, PaneApp)
        assert pilot.app.escaped == 1, "with nothing to leave the key is the cockpit's"


async def test_a_search_without_a_match_says_so(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", numbered(10))) as (pane, pilot):
        await pilot.press("s", *"[x]+", "enter")
        await until(pilot, lambda: notices(pane) == ["no line matches /[x]+/"])


async def test_an_expression_that_is_none_searches_nothing(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", numbered(10))) as (pane, pilot):
        await pilot.press("s", *"line(", "enter")
        assert pane.query_one(SearchBar).display
        await until(pilot, lambda: lit(pilot.app) == ["line"] * 10)
        await pilot.press("backspace", "enter")
        await until(pilot, lambda: not pane.query_one(SearchBar).display)


async def test_n_without_a_search_asks_for_one(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", numbered(10))) as (_, pilot):
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))


def lit(app: object) -> list[str]:
    """The texts on screen with the match's background."""
    assert isinstance(app, PaneApp)
    background = app.pane.lines.look.palette["match"].bgcolor
    strips = app.screen._compositor.render_strips(app.size)[1:-1]
    return [
        text
        for strip in strips
        for text, style, _ in strip
        if style and style.bgcolor == background
    ]
