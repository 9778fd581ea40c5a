from pathlib import Path

from tests.view.logs.hosting import (
    add,
    cut_out,
    heading,
    messages,
    numbered,
    record,
    shown,
    stored,
    texts,
    until,
    writing,
)
from tui.logs.reader import LogReader
from tui.model.loglines import LogFilter
from tui.view.logs.body import Badge, Plaque
from tui.view.logs.pane import LogPane


async def test_shows_the_newest_lines_and_follows(tmp_path: Path) -> None:
    async with (
        writing(tmp_path / "logs.db", numbered(100)) as store,
        shown(LogReader(tmp_path / "logs.db")) as (pane, pilot),
    ):
        await until(pilot, lambda: messages(pane)[-1:] == ["INFO line 99"])
        assert len(messages(pane)) == 19
        assert "100 lines · ● following" in heading(pane)
        await add(store, numbered(50, 100))
        await until(pilot, lambda: messages(pane)[-1] == "INFO line 149")


async def test_going_up_holds_the_text_still_and_end_follows_again(tmp_path: Path) -> None:
    async with (
        writing(tmp_path / "logs.db", numbered(100)) as store,
        shown(LogReader(tmp_path / "logs.db")) as (pane, pilot),
    ):
        await until(pilot, lambda: messages(pane)[-1:] == ["INFO line 99"])
        await pilot.press("pageup")
        before = messages(pane)
        assert before[-1] == "INFO line 81"
        await add(store, numbered(1234, 100))
        badge = pane.query_one(Badge)
        await until(pilot, lambda: badge.unseen == 1234)
        assert messages(pane) == before
        assert "paused" in heading(pane)
        assert "+1,234 new lines - press end" in badge.render().plain
        await pilot.press("end")
        assert messages(pane)[-1] == "INFO line 1333"
        assert not badge.display
        assert "following" in heading(pane)


async def test_the_badge_is_clicked_to_follow(tmp_path: Path) -> None:
    async with (
        writing(tmp_path / "logs.db", numbered(100)) as store,
        shown(LogReader(tmp_path / "logs.db")) as (pane, pilot),
    ):
        await until(pilot, lambda: messages(pane)[-1:] == ["INFO line 99"])
        await pilot.press("k")
        await add(store, numbered(1, 100))
        await until(pilot, lambda: pane.query_one(Badge).unseen == 1)
        await pilot.pause()
        assert await pilot.click(Badge)
        await until(pilot, lambda: messages(pane)[-1] == "INFO line 100")
        await until(pilot, lambda: "press end" not in texts(pane)[-1])


async def test_f_holds_and_follows_again(tmp_path: Path) -> None:
    async with (
        writing(tmp_path / "logs.db", numbered(100)) as store,
        shown(LogReader(tmp_path / "logs.db")) as (pane, pilot),
    ):
        await until(pilot, lambda: messages(pane)[-1:] == ["INFO line 99"])
        await pilot.press("f")
        await add(store, numbered(5, 100))
        await until(pilot, lambda: pane.query_one(Badge).unseen == 5)
        assert messages(pane)[-1] == "INFO line 99"
        await pilot.press("f")
        assert messages(pane)[-1] == "INFO line 104"


async def test_pruned_lines_do_not_shift_what_is_read(tmp_path: Path) -> None:
    database = tmp_path / "logs.db"
    async with shown(await stored(database, numbered(9000))) as (pane, pilot):
        await until(pilot, lambda: messages(pane)[-1:] == ["INFO line 8999"])
        await pilot.press("pageup")
        before = texts(pane)
        cut_out(database, 0, 4000)
        await until(pilot, lambda: "9,000" not in heading(pane))
        assert texts(pane) == before
        await pilot.press("home")
        first = int(messages(pane)[0].split()[-1])
        assert first >= 2000
        assert heading(pane).split(" lines")[0].endswith(f"{9000 - first:,}")


async def test_lines_pruned_away_under_the_reader_give_way_to_the_oldest(tmp_path: Path) -> None:
    database = tmp_path / "logs.db"
    async with shown(await stored(database, numbered(9000))) as (pane, pilot):
        await pilot.press("home")
        await until(pilot, lambda: messages(pane)[:1] == ["INFO line 0"])
        cut_out(database, 0, 4000)
        await until(pilot, lambda: messages(pane)[:1] != ["INFO line 0"])
        assert len(messages(pane)) == 19
        assert "paused" in heading(pane)


async def test_holes_in_the_ids_are_passed_over(tmp_path: Path) -> None:
    database = tmp_path / "logs.db"
    reader = await stored(database, numbered(9000))
    cut_out(database, 2000, 7000)
    left = sum(len(ids) for ids in reader.matching(LogFilter(), 1, 9001))
    assert left < 9000
    async with shown(reader) as (pane, pilot):
        await pilot.press("home")
        await until(pilot, lambda: messages(pane)[:1] == ["INFO line 0"])
        while f"{left:,} lines" not in heading(pane):
            await pilot.press("pagedown")
        excerpt = pane.lines.excerpt
        rows = [excerpt.line(row) for row in range(excerpt.rows.first, excerpt.rows.stop)]
        assert len(rows) == left
        assert None not in rows
        await pilot.press("end")
        await until(pilot, lambda: messages(pane)[-1] == "INFO line 8999")
        assert len(messages(pane)) == 19, "no gaps"


async def test_without_lines_it_says_so_and_shows_the_first_that_comes(tmp_path: Path) -> None:
    database = tmp_path / "logs.db"
    async with shown(LogReader(database)) as (pane, pilot):
        assert "no lines yet" in words(pane)
        async with writing(database, [record("hello")]):
            await until(pilot, lambda: messages(pane) == ["hello"])
        assert words(pane) == ""


async def test_without_a_store_it_says_so(tmp_path: Path) -> None:
    async with shown(None) as (pane, pilot):
        await pilot.press("up", "down", "end", "home", "enter", "y", "n", "escape")
        assert "no lines yet" in words(pane)


async def test_a_store_replaced_by_another_is_shown_from_its_end(tmp_path: Path) -> None:
    database = tmp_path / "logs.db"
    reader = await stored(database, numbered(500))
    async with shown(reader) as (pane, pilot):
        await until(pilot, lambda: messages(pane)[-1:] == ["INFO line 499"])
        for name in ("logs.db", "logs.db-wal", "logs.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        await stored(database, [record("other one"), record("other two")])
        await until(pilot, lambda: messages(pane) == ["other one", "other two"])
        assert "2 lines" in heading(pane)


async def test_a_store_taken_away_leaves_nothing_and_nothing_breaks(tmp_path: Path) -> None:
    database = tmp_path / "logs.db"
    reader = await stored(database, numbered(50))
    async with shown(reader) as (pane, pilot):
        await until(pilot, lambda: messages(pane)[-1:] == ["INFO line 49"])
        for name in ("logs.db", "logs.db-wal", "logs.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        await until(pilot, lambda: "no lines yet" in words(pane))


async def test_a_flood_is_shown_to_its_last_line_in_order(tmp_path: Path) -> None:
    database = tmp_path / "logs.db"
    async with (
        writing(database) as store,
        shown(LogReader(database)) as (pane, pilot),
    ):
        for first in range(0, 60_000, 3_000):
            await add(store, numbered(3_000, first))
            await pilot.pause()
        await until(pilot, lambda: messages(pane)[-1:] == ["INFO line 59999"])
        assert "60,000 lines" in heading(pane)
        assert messages(pane) == [f"INFO line {n}" for n in range(59_981, 60_000)]
        seen: list[int] = []
        await pilot.press("home")
        for _ in range(40):
            seen += [int(text.split()[-1]) for text in messages(pane)]
            pane.lines.action_page(1)
        assert sorted(set(seen)) == list(range(len(set(seen))))


def words(pane: LogPane) -> str:
    return pane.query_one(Plaque).words
