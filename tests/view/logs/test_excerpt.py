from pathlib import Path

from tests.view.logs.hosting import cut_out, numbered, stored
from tui.model.loglines import LogFilter
from tui.view.logs.excerpt import Excerpt


def nobody() -> None:
    pass


async def test_rows_without_a_filter_take_no_memory_and_are_the_ids(tmp_path: Path) -> None:
    excerpt = Excerpt(await stored(tmp_path / "logs.db", numbered(300)), nobody)
    assert excerpt.stale()
    assert excerpt.poll()
    assert not excerpt.stale()
    assert not excerpt.poll()
    assert (excerpt.rows.first, excerpt.rows.stop, excerpt.total) == (1, 301, 300)
    line = excerpt.line(300)
    assert line is not None
    assert line.message == "INFO line 299"


async def test_a_hole_is_told_as_a_change_of_rows_before_anything_is_listed(
    tmp_path: Path,
) -> None:
    database = tmp_path / "logs.db"
    reader = await stored(database, numbered(9000))
    cut_out(database, 2000, 7000)
    excerpt = Excerpt(reader, nobody)
    excerpt.poll()
    hole = next(row for row in range(2000, 7000) if not reader.lines([row]))
    assert excerpt.line(hole) is None
    assert excerpt.stale()
    epoch = excerpt.epoch
    assert excerpt.poll()
    assert excerpt.epoch > epoch
    assert excerpt.shown == 0
    assert excerpt.walk is not None
    excerpt.walk.run()
    assert excerpt.poll()
    assert excerpt.shown == excerpt.total < 9000


async def test_a_store_is_believed_gone_only_after_a_while(tmp_path: Path) -> None:
    database = tmp_path / "logs.db"
    excerpt = Excerpt(await stored(database, numbered(10)), nobody)
    excerpt.poll()
    database.rename(tmp_path / "away.db")
    assert not excerpt.poll()
    assert excerpt.total == 10
    (tmp_path / "away.db").rename(database)
    assert not excerpt.poll()
    database.unlink()
    assert any(excerpt.poll() for _ in range(100))
    assert not excerpt.shown


async def test_a_filter_counts_what_it_shows(tmp_path: Path) -> None:
    excerpt = Excerpt(await stored(tmp_path / "logs.db", numbered(1000)), nobody)
    excerpt.poll()
    excerpt.choose(LogFilter(include="7$"))
    assert excerpt.scanning
    assert excerpt.walk is not None
    excerpt.walk.run()
    assert excerpt.poll()
    assert (excerpt.shown, excerpt.total) == (100, 1000)
    assert excerpt.covers(1)
    assert excerpt.walk.finished
