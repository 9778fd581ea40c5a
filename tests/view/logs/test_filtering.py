import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.view.logs.hosting import add, cut_out, numbered, record, stored, writing
from tui.logs.reader import LogReader
from tui.model.loglines import LogFilter
from tui.view.logs.filtering import Walk
from tui.view.logs.rows import ChosenLines
from tui.view.logs.search import Hit, Quest, find


def nobody() -> None:
    pass


def taken(walk: Walk) -> list[int]:
    rows = ChosenLines()
    walk.take(rows)
    return [rows.id_at(row) for row in range(rows.first, rows.stop)]


def expected(reader: LogReader, pattern: str) -> list[int]:
    oldest, newest = reader.bounds()
    lines = reader.lines(range(oldest, newest + 1))
    return [line.id for line in lines if re.search(pattern, line.message)]


async def test_a_walk_finds_every_line_in_order(tmp_path: Path) -> None:
    reader = await stored(tmp_path / "logs.db", numbered(70_000))
    wakes: list[int] = []
    walk = Walk(reader, LogFilter(include="7$"), lambda: wakes.append(1))
    walk.run()
    assert taken(walk) == expected(reader, "7$")
    assert walk.finished
    assert walk.progress == 1
    assert len(wakes) < 20, "it tells of slices, not of lines"


async def test_the_newest_are_found_first(tmp_path: Path) -> None:
    reader = await stored(tmp_path / "logs.db", numbered(70_000))
    rows = ChosenLines()
    walk: Walk

    def after_the_first_slice() -> None:
        walk.take(rows)
        walk.cancel()

    walk = Walk(reader, LogFilter(include="line"), after_the_first_slice)
    walk.run()
    assert rows.id_at(rows.stop - 1) == 70_000
    assert 0 < len(rows) < 10_000
    assert not walk.finished
    assert 0 < walk.progress < 0.2


async def test_lines_that_arrive_are_found_when_it_is_run_again(tmp_path: Path) -> None:
    database = tmp_path / "logs.db"
    async with writing(database, numbered(100)) as store:
        reader = LogReader(database)
        walk = Walk(reader, LogFilter(include="5$"), nobody)
        walk.run()
        rows = ChosenLines()
        walk.take(rows)
        assert not walk.stirring(reader.bounds()[1])
        await add(store, numbered(100, 100))
        assert walk.stirring(reader.bounds()[1])
        walk.run()
        walk.take(rows)
        assert [rows.id_at(row) for row in range(rows.first, rows.stop)] == expected(reader, "5$")
        assert rows.id_at(0) == 106


async def test_pruning_under_a_walk_ends_it_at_the_oldest_left(tmp_path: Path) -> None:
    database = tmp_path / "logs.db"
    reader = await stored(database, numbered(9_000))
    walk = Walk(reader, LogFilter(include="5$"), nobody)
    cut_out(database, 0, 4_000)
    walk.run()
    assert taken(walk) == expected(reader, "5$")
    assert walk.finished


async def test_an_expression_that_is_none_is_a_fault_not_a_crash(tmp_path: Path) -> None:
    reader = await stored(tmp_path / "logs.db", numbered(10))
    walk = Walk(reader, LogFilter(include="("), nobody)
    walk.run()
    assert walk.fault is not None
    assert walk.fault.code == "log-filter-invalid"
    assert not walk.stirring(10)


words = st.lists(st.sampled_from(["ab", "ba", "b", "needle", "ab needle"]), min_size=1, max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(words, st.integers(1, 30), st.booleans(), st.sampled_from(["", "a", "^b"]))
async def test_a_search_goes_to_the_nearest_match_and_round_the_end(
    tmp_path: Path, said: list[str], start: int, down: bool, include: str
) -> None:
    database = tmp_path / f"{abs(hash((*said, start, down, include)))}.db"
    reader = await stored(database, [record(word, n) for n, word in enumerate(said)])
    at = min(start, len(said))
    ids = list(range(at + 1, len(said) + 1)) + list(range(1, at + 1))
    if not down:
        ids = list(range(at - 1, 0, -1)) + list(range(len(said), at - 1, -1))
    match = [n for n in ids if "needle" in said[n - 1] and re.search(include, said[n - 1])]
    hit = find(reader, Quest("needle", LogFilter(include=include), at, down=down), lambda: False)
    if not match:
        assert hit is None
    else:
        assert hit == Hit(match[0], went_round=(match[0] <= at) if down else (match[0] >= at))


async def test_a_search_jumps_over_any_distance(tmp_path: Path) -> None:
    reader = await stored(
        tmp_path / "logs.db", [record("needle"), *numbered(80_000), record("last")]
    )
    hit = find(reader, Quest("needle", LogFilter(), 80_002, down=False), lambda: False)
    assert hit == Hit(1, went_round=False)


async def test_a_search_that_is_stopped_finds_nothing(tmp_path: Path) -> None:
    reader = await stored(tmp_path / "logs.db", [record("needle")])
    assert find(reader, Quest("needle", LogFilter(), 1, down=True), lambda: True) is None
