"""The histogram over the lines of a real store."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.view import situations
from tests.view.listed import crash
from tests.view.logs.hosting import (
    NOON,
    add,
    counted,
    cut_out,
    messages,
    numbered,
    record,
    shown,
    stored,
    until,
    writing,
)
from tests.view.stage import staged
from tui.logs.reader import LogReader
from tui.logs.tally import Bar
from tui.model.loglines import LogFilter
from tui.view.logs.histogram import counter
from tui.view.logs.histogram.present import LEFT
from tui.view.logs.histogram.widget import Histogram
from tui.view.logs.pane import LogPane

SECOND = 1000


def rows(pane: LogPane) -> list[str]:
    """The two rows on the screen."""
    region = pane.query_one(Histogram).region
    strips = pane.screen._compositor.render_strips(pane.app.size)[region.y : region.bottom]
    return [strip.crop(region.x, region.right).text.rstrip() for strip in strips]


def bars(pane: LogPane) -> dict[int, Bar]:
    """The bars that have lines."""
    picture = pane.query_one(Histogram).picture
    assert picture is not None
    return {at: bar for at, bar in enumerate(picture.bars) if bar.lines}


def total(pane: LogPane) -> int:
    picture = pane.query_one(Histogram).picture
    return sum(bar.lines for bar in picture.bars) if picture else 0


async def click(pilot: Pilot[Any], bar: int) -> None:
    assert await pilot.click(Histogram, offset=(LEFT + bar, 0))


async def test_it_shows_when_lines_were_said_and_grows_with_them(tmp_path: Path) -> None:
    database = tmp_path / "logs.db"
    said = [record(f"INFO {n}", n * SECOND) for n in range(60)]
    async with writing(database, said) as store, shown(LogReader(database)) as (pane, pilot):
        await until(pilot, lambda: total(pane) == 60)
        assert rows(pane)[0].startswith("max 1/1 s")
        assert rows(pane)[1].endswith("12:00:59")
        assert "✖" not in "".join(rows(pane))
        await add(store, [record("ERROR no", 60 * SECOND), record("WARNING hm", 61 * SECOND)])
        await until(pilot, lambda: total(pane) == 62)
        assert rows(pane)[0].endswith("✖ 1 ! 1")
        assert rows(pane)[1].endswith("━✖━ 12:01:01")


async def test_a_click_goes_to_the_lines_of_that_time_and_stops_following(tmp_path: Path) -> None:
    said = [record(f"INFO {n}", n * SECOND) for n in range(60)]
    async with shown(await stored(tmp_path / "logs.db", said)) as (pane, pilot):
        await until(pilot, lambda: total(pane) == 60)
        first = min(bars(pane))
        await click(pilot, first + 10)
        await until(pilot, lambda: cursor(pane) == "INFO 10")
        assert not pane.lines.window.following
        assert "INFO 10" in messages(pane)
        await click(pilot, 0)
        await until(pilot, lambda: cursor(pane) == "INFO 0")


def cursor(pane: LogPane) -> str:
    line = pane.lines.cursor_line
    return line.message if line else ""


async def test_a_click_at_a_bar_with_errors_goes_to_the_first_of_them(tmp_path: Path) -> None:
    said = [record(f"{'ERROR' if n in {705, 707} else 'INFO'} {n}", n * 100) for n in range(2_000)]
    async with shown(await stored(tmp_path / "logs.db", said)) as (pane, pilot):
        await until(pilot, lambda: total(pane) == 2_000)
        (bad,) = [at for at, bar in bars(pane).items() if bar.errors]
        await click(pilot, bad)
        await until(pilot, lambda: cursor(pane) == "ERROR 705")
        await click(pilot, bad - 3)
        await until(pilot, lambda: cursor(pane) not in {"ERROR 705", ""})
        assert int(cursor(pane).split()[1]) < 700


async def test_clicks_beside_the_bars_and_without_lines_do_nothing(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", numbered(100))) as (pane, pilot):
        await until(pilot, lambda: total(pane) == 100)
        await click(pilot, -LEFT)
        await click(pilot, 80)
        await pilot.pause()
        assert pane.lines.window.following
    async with shown(LogReader(tmp_path / "none.db")) as (pane, pilot):
        await click(pilot, 5)
        assert rows(pane) == ["", ""]


async def test_a_filter_shows_all_that_is_chosen_however_old(tmp_path: Path) -> None:
    said = [record(f"INFO {n}", n * 60 * SECOND) for n in range(600)]
    said[3:3] = [record("ERROR long ago", 2 * 60 * SECOND)]
    async with shown(await stored(tmp_path / "logs.db", said)) as (pane, pilot):
        await until(pilot, lambda: 0 < total(pane) < 20)
        pane.choose(LogFilter(include="ago|599"))
        await until(pilot, lambda: total(pane) == 2)
        assert rows(pane)[0].endswith("✖ 1")
        assert "10 min" in rows(pane)[0]
        pane.choose(LogFilter(include="nowhere"))
        await until(pilot, lambda: rows(pane) == ["", ""])
        await pilot.press("backspace")
        await until(pilot, lambda: 0 < total(pane) < 20)


async def test_m_shows_a_longer_time_and_shift_a_shorter_one(tmp_path: Path) -> None:
    said = [record(f"INFO {n}", n * 60 * SECOND) for n in range(600)]
    async with shown(await stored(tmp_path / "logs.db", said)) as (pane, pilot):
        await until(pilot, lambda: 0 < total(pane) < 20)
        await pilot.press("m")
        await until(pilot, lambda: told(pane) == "histogram: the last 1 h")
        await until(pilot, lambda: 60 <= total(pane) < 80)
        await pilot.press("M", "M")
        await until(pilot, lambda: told(pane) == "histogram: the last 5 min")
        await until(pilot, lambda: 5 <= total(pane) < 10)
        for _ in range(7):
            await pilot.press("m")
        await until(pilot, lambda: told(pane) == "histogram: all the time there is")
        await until(pilot, lambda: total(pane) == 600)


def told(pane: LogPane) -> str:
    """Return the newest of the notices on the screen, where they stay for some seconds."""
    return ([notice.message for notice in pane.app._notifications] or [""])[-1]


async def test_the_wheel_does_as_well(tmp_path: Path) -> None:
    said = [record(f"INFO {n}", n * 60 * SECOND) for n in range(600)]
    async with shown(await stored(tmp_path / "logs.db", said)) as (pane, pilot):
        await until(pilot, lambda: 0 < total(pane) < 20)
        await pilot._post_mouse_events([wheel("MouseScrollDown")], Histogram)
        await until(pilot, lambda: 60 <= total(pane) < 80)
        await pilot._post_mouse_events([wheel("MouseScrollUp")], Histogram)
        await until(pilot, lambda: 0 < total(pane) < 20)


def wheel(name: str) -> Any:
    from textual import events

    return getattr(events, name)


async def test_going_back_beyond_the_picture_takes_it_along(tmp_path: Path) -> None:
    said = [record(f"INFO {n}", n * 60 * SECOND) for n in range(600)]
    async with shown(await stored(tmp_path / "logs.db", said)) as (pane, pilot):
        await until(pilot, lambda: total(pane) and rows(pane)[1].endswith("21:59:00"))
        await pilot.press("home")
        await until(pilot, lambda: rows(pane)[1].strip().startswith("11:") and total(pane))
        assert "━" in rows(pane)[1]
        await pilot.press("end")
        await until(pilot, lambda: rows(pane)[1].endswith("21:59:00"))


async def test_the_mouse_over_a_bar_is_told_its_numbers(tmp_path: Path) -> None:
    said = [record(f"INFO {n}", n * SECOND) for n in range(60)]
    async with shown(await stored(tmp_path / "logs.db", said)) as (pane, pilot):
        await until(pilot, lambda: total(pane) == 60)
        histogram = pane.query_one(Histogram)
        await pilot.hover(Histogram, offset=(LEFT + max(bars(pane)), 0))
        await until(pilot, lambda: histogram.tooltip)
        assert histogram.tooltip == "12:00:59 to 12:01:00\n1 line"
        await pilot.hover(Histogram, offset=(0, 0))
        await until(pilot, lambda: not histogram.tooltip)


async def test_it_gives_way_where_the_lines_need_the_room(tmp_path: Path) -> None:
    async with shown(await stored(tmp_path / "logs.db", numbered(100))) as (pane, pilot):
        histogram = pane.query_one(Histogram)
        for size, there in (((100, 18), False), ((60, 19), True), ((59, 40), False)):
            await pilot.resize_terminal(*size)
            await until(pilot, partial(is_shown, histogram, there))
            await until(pilot, lambda: messages(pane)[-1:] == ["INFO line 99"])
        await pilot.resize_terminal(100, 30)
        await until(pilot, lambda: histogram.picture and len(histogram.picture.bars) == 70)


def is_shown(histogram: Histogram, wanted: bool) -> bool:
    return histogram.display is wanted


async def test_while_nothing_changes_nothing_is_counted_and_nothing_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter, "PAUSE", 0.0)
    database = tmp_path / "logs.db"
    async with (
        writing(database, numbered(100)) as store,
        shown(LogReader(database)) as (pane, pilot),
    ):
        await until(pilot, lambda: counted(pane))
        histogram = pane.query_one(Histogram)
        began = list[object]()
        monkeypatch.setattr(histogram, "run_worker", lambda *_, **__: began.append(1))
        monkeypatch.setattr(histogram, "refresh", lambda *_, **__: began.append(2))
        for _ in range(30):
            pane.post_message(LogPane.Woken())
            await pilot.pause()
        assert began == []
        await add(store, numbered(1, 100))
        await until(pilot, lambda: began)


async def test_a_store_taken_away_and_another_leave_the_picture_right(tmp_path: Path) -> None:
    database = tmp_path / "logs.db"
    async with shown(await stored(database, numbered(9000))) as (pane, pilot):
        await until(pilot, lambda: total(pane) == 9000)
        cut_out(database, 0, 6000)
        await until(pilot, lambda: counted(pane) and total(pane) < 9000)
        for name in ("logs.db", "logs.db-wal", "logs.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        await until(pilot, lambda: rows(pane) == ["", ""])
        await stored(database, [record("other one"), record("other two")])
        await until(pilot, lambda: total(pane) == 2)


async def test_it_is_marked_where_a_revision_was_begun() -> None:
    async with staged(situations.GOOD, logs=crash()) as stage:
        pane = stage.find(LogPane)
        await stage.until(lambda: total(pane))
        (release,) = [r for r in stage.app.state.releases if r.revision == 15]
        picture = pane.query_one(Histogram).picture
        assert picture is not None
        assert (picture.scale.bar_at(int(release.started * 10**9)), 15) in picture.releases


async def test_the_whole_screen_for_the_logs_makes_room_for_it_at_80_by_24() -> None:
    async with staged(situations.GOOD, size=(80, 24), logs=crash()) as stage:
        await stage.pilot.pause()
        histogram = stage.find(LogPane).query_one(Histogram)
        assert not histogram.display
        await stage.press("l")
        await stage.until(lambda: histogram.display and histogram.picture)
        await stage.press("l")
        await stage.until(lambda: not histogram.display)


@pytest.mark.parametrize(
    "times",
    [
        [0],
        [5, 5, 5],
        [0, -3_600_000, -3_599_000],
        [-(NOON // 10**6), 0, 1],
        [-((1 << 63) + NOON) // 10**6 + 1, 0, ((1 << 63) - NOON) // 10**6 - 1],
    ],
    ids=["one line", "equal times", "clock set back", "years apart", "the ends of time"],
)
@pytest.mark.parametrize("keys", [(), ("m",) * 8], ids=["recent", "all"])
async def test_strange_times_break_nothing(
    tmp_path: Path, times: list[int], keys: tuple[str, ...]
) -> None:
    said = [record(f"INFO {n}", at) for n, at in enumerate(times)]
    async with shown(await stored(tmp_path / "logs.db", said)) as (pane, pilot):
        await until(pilot, lambda: total(pane))
        await pilot.press(*keys)
        await until(pilot, lambda: total(pane) == len(times) or not keys)
        await click(pilot, 0)
        await until(pilot, lambda: not pane.lines.window.following)
        assert len(rows(pane)) == 2
