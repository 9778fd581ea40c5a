"""Times and levels read back from a real store, of whichever lines are asked for."""

from array import array
from pathlib import Path

from tui.logs.moments import ALWAYS
from tui.logs.reader import LogReader
from tui.logs.retention import Limits
from tui.logs.store import LogStore
from tui.model.loglines import Level, LogBatch, LogRecord

BLOCK = 4_000


async def stored(path: Path, times: list[int]) -> LogReader:
    """A store with a line at each of these seconds, every tenth an error."""
    store = LogStore(path, Limits(days=36_500))
    store.start()
    for first in range(0, len(times), BLOCK):
        records = [
            LogRecord(time * 10**9, 1, "app-1", "app", 0, "stdout", said(first + at))
            for at, time in enumerate(times[first : first + BLOCK])
        ]
        store.put(LogBatch("", "", records))
        await store.flush()
    await store.close()
    return LogReader(path)


def said(at: int) -> str:
    return "ERROR no" if at % 10 == 0 else "INFO yes"


def read(
    reader: LogReader, ids: "range | array[int]", since: int = ALWAYS[0], until: int = ALWAYS[1]
) -> list[tuple[int, int, int]]:
    return [
        (number, time // 10**9, level)
        for some in reader.moments(ids, since, until)
        for number, time, level in zip(some.ids, some.times, some.levels, strict=True)
    ]


async def test_all_lines_come_with_their_times_and_levels(tmp_path: Path) -> None:
    reader = await stored(tmp_path / "logs.db", list(range(9_000)))
    levels = [Level.ERROR if at % 10 == 0 else Level.INFO for at in range(9_000)]
    assert read(reader, range(1, 9_001)) == [(at + 1, at, levels[at]) for at in range(9_000)]


async def test_only_those_asked_for_come(tmp_path: Path) -> None:
    reader = await stored(tmp_path / "logs.db", list(range(9_000)))
    for ids in (
        range(1_990, 2_011),
        array("q", [1, 3, 1_999, 2_001, 8_999]),
        array("q", [7, 8, 9]),
    ):
        assert [number for number, _, _ in read(reader, ids)] == list(ids)
        assert all(time == number - 1 for number, time, _ in read(reader, ids))


async def test_blocks_of_other_times_are_not_read(tmp_path: Path) -> None:
    reader = await stored(tmp_path / "logs.db", list(range(9_000)))
    found = [number for number, _, _ in read(reader, range(1, 9_001), 5_000 * 10**9, 5_000 * 10**9)]
    assert 5_001 in found
    assert len(found) < 4_001


async def test_times_that_cannot_be_stored_may_be_asked_for(tmp_path: Path) -> None:
    reader = await stored(tmp_path / "logs.db", [5, 6])
    assert len(read(reader, range(1, 3), -(1 << 70), 1 << 70)) == 2
    assert read(reader, range(1, 3), 1 << 70, 1 << 71) == []
    assert read(reader, range(1, 3), -(1 << 71), -(1 << 70)) == []


async def test_lines_that_are_no_more_are_left_out(tmp_path: Path) -> None:
    reader = await stored(tmp_path / "logs.db", [5, 6])
    assert read(reader, range(-3, 9)) == [(1, 5, Level.ERROR), (2, 6, Level.INFO)]
    assert read(reader, array("q", [2, 700])) == [(2, 6, Level.INFO)]
    assert read(reader, range(0)) == []
    assert reader.extent(range(0)) is None
    assert reader.extent(range(800, 900)) is None
    assert reader.extent(array("q", [800])) is None


async def test_the_extent_is_that_of_the_times_in_whichever_order_they_came(tmp_path: Path) -> None:
    reader = await stored(tmp_path / "logs.db", [50, 20, 90, 60, -40])
    assert reader.extent(range(1, 6)) == (-40 * 10**9, 90 * 10**9)
    assert reader.extent(array("q", [1, 2, 4])) == (20 * 10**9, 60 * 10**9)


async def test_without_a_store_there_is_nothing(tmp_path: Path) -> None:
    reader = LogReader(tmp_path / "logs.db")
    assert read(reader, range(1, 5)) == []
    assert reader.extent(range(1, 5)) is None
