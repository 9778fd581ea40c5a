"""The store against real SQLite: exactly once, whatever happens, and what a filter means."""

import asyncio
import contextlib
import itertools
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import small_disks
from tui.logs.blocks import Block, pack, unpack
from tui.logs.finding import query_for, search_for, wanted_lines
from tui.logs.reader import LogReader
from tui.logs.retention import Limits
from tui.logs.schema import VERSION, Database, open_for_writing
from tui.logs.store import LogStore
from tui.logs.writing import Writer
from tui.model.faults import Fault, FaultError
from tui.model.loglines import (
    Level,
    LogBatch,
    LogFilter,
    LogLine,
    LogOrigin,
    LogRecord,
    LogRun,
    LogStream,
)

PATIENCE = 20.0
NOW = time.time_ns()


def record(message: str) -> LogRecord:
    return LogRecord(NOW, 1, "app-1", "app", 0, "stdout", message)


def batch(*messages: str, source: str = "", position: str = "") -> LogBatch:
    return LogBatch(source, position, [record(message) for message in messages])


async def store(path: Path, *batches: LogBatch) -> None:
    one = LogStore(path)
    one.start()
    for each in batches:
        one.put(each)
    await one.close()


def every(path: Path) -> list[LogLine]:
    reader = LogReader(path)
    oldest, newest = reader.bounds()
    return reader.lines(range(oldest, newest + 1)) if newest else []


def found(path: Path, wanted: LogFilter, newest_first: bool = False) -> list[str]:
    reader = LogReader(path)
    oldest, newest = reader.bounds()
    chunks = reader.matching(wanted, oldest, newest + 1, newest_first)
    return [line.message for chunk in chunks for line in reader.lines(chunk)]


async def test_a_run_is_stored_as_its_records_are(tmp_path: Path) -> None:
    texts = ["INFO a", "\x1b[31mERROR b", "plain"]
    streams: tuple[LogStream, ...] = ("stdout", "marker")
    for stream in streams:
        run = LogRun(LogOrigin(3, "app-3", "app", 2, stream), [NOW, NOW + 5, NOW + 2], texts)
        as_run, as_records = tmp_path / f"{stream}-run.db", tmp_path / f"{stream}-records.db"
        await store(as_run, LogBatch("", "", run), batch("between"), LogBatch("", "", run))
        records = list(run)
        await store(as_records, LogBatch("", "", [*records, record("between"), *records]))
        assert every(as_run) == every(as_records)
        assert [line.time - NOW for line in every(as_run)] == [0, 5, 2, 0, 0, 5, 2]


async def test_lines_come_back_in_order_with_all_they_came_with(tmp_path: Path) -> None:
    path = tmp_path / "logs.db"
    one = LogRecord(NOW, 3, "app-3", "app", 2, "stderr", "\x1b[31mERROR boom")
    await store(path, LogBatch("", "", [one]), batch("two"))
    first, second = every(path)
    assert first == LogLine(1, NOW, 3, "app-3", "app", 2, "stderr", Level.ERROR, "ERROR boom")
    assert (second.id, second.message) == (2, "two")
    assert path.stat().st_mode & 0o077 == 0


async def test_a_deleted_environment_has_no_lines_and_no_positions_but_those_that_follow(
    tmp_path: Path,
) -> None:
    path = tmp_path / "logs.db"
    one = LogStore(path)
    one.start()
    reader = LogReader(path)
    one.put(batch("before", source="spool", position="1:20"))
    await one.flush()
    assert reader.bounds() == (1, 1)
    one.forget()
    await one.flush()
    assert reader.bounds() == (0, 0)
    assert one.positions() == {}
    one.put(batch("after"))
    await one.close()
    assert [line.message for line in every(path)] == ["after"]


async def test_lines_that_another_store_keeps_after_the_deletion_are_not_forgotten(
    tmp_path: Path,
) -> None:
    path = tmp_path / "logs.db"
    one = LogStore(path)
    one.start()
    one.put(batch("before", source="spool", position="1:20"))
    await one.flush()
    path.unlink()
    await store(path, batch("of the next", source="spool", position="2:10"))
    one.forget()
    await one.flush()
    assert one.positions() == {"spool": "2:10"}
    one.put(batch("after"))
    await one.close()
    assert [line.message for line in every(path)] == ["of the next", "after"]


async def test_positions_of_all_sources_of_merged_lines_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "logs.db"
    merged = LogBatch("", "", [record("one"), record("two")], {"a": "1", "b": "7"})
    await store(path, merged, LogBatch("a", "2", [record("three")]))
    again = LogStore(path)
    again.start()
    assert again.positions() == {"a": "2", "b": "7"}
    await again.close()


async def test_positions_committed_by_another_store_meanwhile_are_known(tmp_path: Path) -> None:
    path = tmp_path / "logs.db"
    waiting = LogStore(path)
    waiting.start()
    await store(path, batch("one", source="a", position="1"))
    assert waiting.positions() == {"a": "1"}
    await waiting.close()


messages = st.lists(st.text(max_size=12), max_size=6)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["", "a", "b"]), messages), max_size=8))
def test_any_batches_in_any_number_of_sittings_are_kept_once_each(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, list[str]]]
) -> None:
    path = tmp_path_factory.mktemp("store") / "logs.db"
    positions: dict[str, str] = {}
    for number, (source, texts) in enumerate(told):
        asyncio.run(store(path, batch(*texts, source=source, position=str(number))))
        if source:
            positions[source] = str(number)
    lines = every(path)
    assert len(lines) == sum(len(texts) for _, texts in told)
    assert [line.id for line in lines] == list(range(1, len(lines) + 1))
    again = LogStore(path)
    again.start()
    assert dict(again.positions()) == positions
    asyncio.run(again.close())


WRITER = """
import asyncio, sys
from pathlib import Path
from tests.logs.test_store import batch
from tui.logs.store import LogStore

async def main():
    store = LogStore(Path(sys.argv[1]))
    store.start()
    number = int(store.positions().get("source", "0"))
    while True:
        texts = [f"line {n}" for n in range(number, number + 50)]
        number += 50
        store.put(batch(*texts, source="source", position=str(number)))
        await asyncio.sleep(0.001)
        if number % 1000 == 0:
            print(number, flush=True)

asyncio.run(main())
"""


@pytest.mark.integration
def test_killed_at_any_moment_no_line_is_lost_and_none_comes_twice(tmp_path: Path) -> None:
    path = tmp_path / "logs.db"
    for rounds in range(1, 4):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            for _ in range(rounds):
                writer.stdout.readline()
            writer.send_signal(signal.SIGKILL)
            writer.wait()
    texts = [line.message for line in every(path)]
    assert len(texts) > 1000
    assert texts == [f"line {number}" for number in range(len(texts))]


async def test_a_flush_returns_once_everything_put_before_is_there(tmp_path: Path) -> None:
    one = LogStore(tmp_path / "logs.db")
    one.start()
    for number in range(20):
        one.put(batch(*(str(n) for n in range(1000)), source="s", position=str(number)))
    await one.flush()
    assert one.backlog() == 0
    assert one.positions() == {"s": "19"}
    assert LogReader(tmp_path / "logs.db").count() == 20_000
    await one.close()


async def test_a_flush_nobody_waits_for_any_more_does_no_harm(tmp_path: Path) -> None:
    one = LogStore(tmp_path / "logs.db")
    one.start()
    waiting = asyncio.create_task(one.flush())
    await asyncio.sleep(0)
    waiting.cancel()
    one.put(batch("after"))
    await one.close()
    assert [line.message for line in every(tmp_path / "logs.db")] == ["after"]


async def test_two_processes_may_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "logs.db"
    one, other = LogStore(path), LogStore(path)
    one.start()
    other.start()
    for number in range(30):
        one.put(batch(f"one {number}"))
        other.put(batch(f"other {number}"))
        await asyncio.gather(one.flush(), other.flush())
    await asyncio.gather(one.close(), other.close())
    lines = every(path)
    assert len({line.id for line in lines}) == 60
    assert sorted(line.message for line in lines) == sorted(
        f"{who} {n}" for who in ("one", "other") for n in range(30)
    )


async def test_a_database_of_a_newer_redraft_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "logs.db"
    await store(path, batch("old"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(FaultError) as caught:
        LogStore(path).start()
    assert caught.value.fault.code == "logs-newer-version"
    assert [line.message for line in every(path)] == ["old"]


async def test_a_damaged_database_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "logs.db"
    path.write_bytes(b"not a database at all" * 500)
    await store(path, batch("new"))
    assert [line.message for line in every(path)] == ["new"]
    assert (tmp_path / "logs.db.damaged").exists()


async def test_a_database_taken_away_while_running_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "state" / "logs.db"
    one = LogStore(path)
    one.start()
    one.put(batch("before"))
    await one.flush()
    for file in path.parent.iterdir():
        file.unlink()
    path.parent.rmdir()
    one.put(batch("after"))
    await one.close()
    assert [line.message for line in every(path)] == ["after"]


STATEMENTS = 18
"""By so many a new database is opened."""


JUST_THEN = 5
"""Before this one SQLite cannot tell its log from that of another database of the same name."""


@pytest.mark.parametrize(
    ("step", "anew"),
    [(step, []) for step in range(STATEMENTS)]
    + [(step, ["of the next"]) for step in range(STATEMENTS) if step != JUST_THEN],
)
def test_a_database_that_another_redraft_deletes_while_it_is_opened_is_made_anew(
    step: int, anew: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, steps = tmp_path / "state" / "logs.db", itertools.count()

    class Deleted(sqlite3.Connection):
        """The environment is deleted before one of the statements."""

        def execute(self, *arguments: Any) -> sqlite3.Cursor:
            if next(steps) == step:
                monkeypatch.undo()
                shutil.rmtree(path.parent)
                if anew:
                    asyncio.run(store(path, batch(*anew)))
            return super().execute(*arguments)

    monkeypatch.setattr("tui.logs.opening.DELETED_WITHIN", 30.0)
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Deleted))
    one = LogStore(path)
    one.start()
    assert step < next(steps) <= STATEMENTS
    one.put(batch("after"))
    asyncio.run(one.close())
    assert [line.message for line in every(path)] == [*anew, "after"]


async def test_a_database_that_could_not_be_made_again_at_first_is_made_when_it_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, kept = tmp_path / "logs.db", tmp_path / "kept"
    monkeypatch.setattr("tui.logs.store.RETRY", 0.02)
    one = LogStore(path)
    one.start()
    kept.hardlink_to(path)
    faults: list[Fault] = []
    one.on_fault = faults.append

    def full(_: Path) -> Database:
        monkeypatch.setattr("tui.logs.opening.open_for_writing", open_for_writing)
        path.hardlink_to(kept)  # a new file often has the number of the one that was freed
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("tui.logs.opening.open_for_writing", full)
    path.unlink()
    one.put(batch("after"))
    await wait_until(lambda: bool(faults))
    await wait_until(lambda: one.backlog() == 0)
    await one.close()
    assert [fault.code for fault in faults] == ["disk-full"]
    assert [line.message for line in every(path)] == ["after"]


def test_on_a_disk_without_any_room_nobody_waits_for_a_deletion_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = itertools.count()

    def no_room(_: Path) -> Database:
        next(tries)
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise error

    monkeypatch.setattr("tui.logs.opening.open_for_writing", no_room)
    monkeypatch.setattr("tui.logs.opening.LEAST", 1 << 62)
    with pytest.raises(FaultError) as raised:
        LogStore(tmp_path / "logs.db").start()
    assert (raised.value.fault.code, next(tries)) == ("disk-full", 1)


async def test_a_database_made_in_place_of_a_damaged_one_is_not_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.logs.store.RETRY", 0.02)
    path = tmp_path / "logs.db"
    one = LogStore(path)
    one.start()

    def damaged_and_made_anew(*_: object) -> None:
        monkeypatch.undo()
        path.unlink()
        path.with_name("logs.db-wal").unlink()
        other = LogStore(path)
        other.start()
        other.put(batch("theirs"))
        asyncio.run(other.close())
        error = sqlite3.DatabaseError("malformed")
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error

    monkeypatch.setattr(Writer, "write", damaged_and_made_anew)
    one.put(batch("ours"))
    await wait_until(lambda: one.backlog() == 0)
    await one.close()
    assert [line.message for line in every(path)] == ["theirs", "ours"]


async def test_of_more_than_may_wait_the_oldest_are_given_up_and_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.logs.store.KEPT", 10)
    monkeypatch.setattr("tui.logs.store.RETRY", 0.02)
    path = tmp_path / "state" / "logs.db"
    faults: list[Fault] = []
    one = LogStore(path, on_fault=faults.append)
    one.start()
    shutil.rmtree(path.parent)
    path.parent.touch()
    one.put(batch("first"))
    await wait_until(lambda: bool(faults))
    for number in range(100):
        one.put(batch(str(number)))
    await wait_until(lambda: one.backlog() <= 10)
    path.parent.unlink()
    await one.flush()
    assert one.backlog() == 0
    await one.close()
    (first, *others) = [line.message for line in every(path)]
    assert others == [str(number) for number in range(100 - len(others), 100)]
    assert first.startswith(f"{101 - len(others)} lines were lost: ")


async def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a file system of one megabyte."""
    with small_disks.small_disk(tmp_path / "small", 1) as folder:
        yield folder


@pytest.mark.integration
async def test_on_a_full_disk_lines_wait_and_are_written_when_there_is_room(
    small_disk: Path,
) -> None:
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * 700_000)
    faults: list[Fault] = []
    one = LogStore(small_disk / "logs.db", on_fault=faults.append)
    one.start()
    for number in range(40):
        one.put(batch(*(f"{number} {n} {'y' * 100}" for n in range(100)), source="s", position="x"))
    await wait_until(lambda: bool(faults))
    assert faults[0].code == "disk-full"
    filler.unlink()
    await wait_until(lambda: one.backlog() == 0)
    await one.close()
    assert len(every(small_disk / "logs.db")) == 4000


@pytest.mark.integration
async def test_a_disk_without_any_room_is_told_as_full(small_disk: Path) -> None:
    await store(small_disk / "logs.db", batch("before"))
    with contextlib.suppress(OSError), (small_disk / "filler").open("wb", buffering=0) as filler:
        while True:
            filler.write(b"x" * 4096)
    with pytest.raises(FaultError) as caught:
        LogStore(small_disk / "logs.db").start()
    assert caught.value.fault.code == "disk-full"


async def test_beyond_its_limits_the_oldest_lines_go_and_ids_are_not_used_again(
    tmp_path: Path,
) -> None:
    path = tmp_path / "logs.db"
    one = LogStore(path, Limits(size=1 << 20))
    one.start()
    for number in range(30):
        one.put(batch(*(f"{number} {n} {'y' * 80}" for n in range(2000))))
        await one.flush()
    reader = LogReader(path)
    await wait_until(lambda: reader.bounds()[0] > 1)
    oldest, newest = reader.bounds()
    assert newest == 60_000
    assert reader.lines([1, oldest, newest])[0].id == oldest
    await one.close()


def test_a_database_that_goes_while_it_is_measured_has_no_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "exists", lambda _: True)
    assert LogStore(tmp_path / "logs.db").size() == 0


async def test_a_reader_of_nothing_reads_nothing(tmp_path: Path) -> None:
    reader = LogReader(tmp_path / "none.db")
    assert reader.bounds() == (0, 0)
    assert reader.lines([1, 2]) == []
    assert list(reader.matching(LogFilter(), 0, 9)) == []
    assert (reader.pods(), reader.revisions(), reader.size(), reader.count()) == ((), (), 0, 0)
    await store(tmp_path / "none.db", batch("now"))
    assert reader.bounds() == (1, 1)


async def test_filters_by_pod_revision_stream_level_and_time(tmp_path: Path) -> None:
    path = tmp_path / "logs.db"
    records = [
        LogRecord(NOW + 10, 1, "one", "app", 0, "stdout", "INFO a"),
        LogRecord(NOW + 20, 2, "two", "app", 0, "stderr", "ERROR b"),
        LogRecord(NOW + 30, 2, "two", "app", 1, "stdout", "no level"),
        LogRecord(NOW + 40, 2, "two", "", 1, "marker", "restarted"),
    ]
    await store(path, LogBatch("", "", records))
    assert found(path, LogFilter(pods=frozenset({"one"}))) == ["INFO a"]
    assert found(path, LogFilter(revisions=frozenset({2}))) == ["ERROR b", "no level", "restarted"]
    assert found(path, LogFilter(streams=frozenset({"stderr"}))) == ["ERROR b"]
    assert found(path, LogFilter(level=Level.ERROR)) == ["ERROR b", "no level", "restarted"]
    assert found(path, LogFilter(since=NOW + 20, until=NOW + 30)) == ["ERROR b", "no level"]
    assert found(path, LogFilter(include="e")) == ["ERROR b", "no level"]
    assert found(path, LogFilter(exclude="level")) == ["INFO a", "ERROR b"]
    assert found(path, LogFilter(include="O"), newest_first=True) == ["ERROR b", "INFO a"]
    assert LogReader(path).pods() == ("one", "two")
    assert LogReader(path).revisions() == (1, 2)


async def test_filters_by_container_run_and_what_runs_on_from_another_revision(
    tmp_path: Path,
) -> None:
    path = tmp_path / "logs.db"
    records = [
        LogRecord(NOW, 1, "kept", "app", 0, "stdout", "first run"),
        LogRecord(NOW, 1, "kept", "app", 1, "stdout", "second run"),
        LogRecord(NOW, 1, "gone", "app", 0, "stdout", "gone"),
        LogRecord(NOW, 2, "kept", "proxy", 0, "stdout", "proxied"),
    ]
    await store(path, LogBatch("", "", records))
    runs = frozenset({("kept", "app", 0)})
    present = LogFilter(revisions=frozenset({2}), running_on=frozenset({"kept"}))
    assert found(path, LogFilter(containers=frozenset({"proxy"}))) == ["proxied"]
    assert found(path, LogFilter(runs=runs)) == ["first run"]
    assert found(path, present) == ["first run", "second run", "proxied"]


def test_a_wrong_expression_says_where() -> None:
    with pytest.raises(FaultError) as caught:
        query_for(LogFilter(include="a(b"))
    assert caught.value.fault.code == "log-filter-invalid"
    assert "position" in caught.value.fault.sentence


texts = st.lists(st.text("abA. é", max_size=6), min_size=1, max_size=12)
expressions = st.sampled_from(
    [
        "a",
        "A",
        "b$",
        "^a",
        "a.*b",
        "[^a]b",
        r"\bab\b",
        "(?i)A",
        "a|b",
        "x*",
        r"\s",
        "é",
        "b\\Z",
        "a+ ?b",
    ]
)


def block_of(lines: list[str]) -> Block:
    times, origins = array("q", range(len(lines))), array("I", [1] * len(lines))
    first, _, _, _, _, text, *columns = pack(10, lines, times, origins, bytes(len(lines)))
    return unpack(first, text, *columns)


@given(texts, expressions)
def test_searching_a_block_finds_what_searching_each_line_finds(
    lines: list[str], expression: str
) -> None:
    flags = re.IGNORECASE if expression not in {"A", "(?i)A"} else 0
    expected = [at for at, line in enumerate(lines) if re.search(expression, line, flags)]
    assert list(search_for(expression).lines(block_of(lines))) == expected


@given(texts, expressions, expressions)
def test_including_and_excluding_is_a_difference(
    lines: list[str], include: str, exclude: str
) -> None:
    block = block_of(lines)
    both = wanted_lines(block, query_for(LogFilter(include=include, exclude=exclude)), {1})
    inside = set(search_for(include).lines(block)) - set(search_for(exclude).lines(block))
    assert both == sorted(inside)
    assert wanted_lines(block, query_for(LogFilter(include=include)), {2}) == []


async def test_lines_beyond_the_age_limit_go(tmp_path: Path) -> None:
    path = tmp_path / "logs.db"
    old = LogRecord(NOW - 20 * 86_400 * 10**9, 1, "app-1", "app", 0, "stdout", "old")
    await store(path, LogBatch("", "", [old] * 600))
    one = LogStore(path)
    one.start()
    one.put(batch("young"))
    await one.flush()
    await wait_until(lambda: [line.message for line in every(path)] == ["young"])
    await one.close()


@pytest.mark.integration
async def test_on_a_full_disk_a_flush_fails_and_closing_does_not_wait_for_ever(
    small_disk: Path,
) -> None:
    one = LogStore(small_disk / "logs.db")
    one.start()
    (small_disk / "filler").write_bytes(b"x" * 900_000)
    for number in range(10):
        one.put(batch(*(f"{number} {n} {'y' * 100}" for n in range(1000))))
    with pytest.raises(FaultError) as caught:
        await one.flush()
    assert caught.value.fault.code == "disk-full"
    await asyncio.wait_for(one.close(), PATIENCE)


async def test_pages_damaged_later_are_set_aside_too(tmp_path: Path) -> None:
    path = tmp_path / "logs.db"
    await store(path, *(batch(*(f"{n} {'x' * 100}" for n in range(2000))) for _ in range(5)))
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 8192))
    await store(path, batch("new"))
    assert [line.message for line in every(path)][-1] == "new"
    assert (tmp_path / "logs.db.damaged").exists()


@pytest.mark.parametrize("expression", ["(a+)+b", "(?:a|aa)+b", "(x+x+)+y|(a*)*b"])
def test_an_expression_without_end_is_given_up_with_a_sentence(expression: str) -> None:
    block = block_of(["a" * 5000 + "c"] * 3)
    began = time.monotonic()
    with pytest.raises(FaultError) as caught:
        list(search_for(expression).lines(block))
    assert caught.value.fault.code == "log-filter-slow"
    assert repr(expression) in caught.value.fault.sentence
    assert time.monotonic() - began < PATIENCE


def test_only_expressions_that_could_take_long_are_watched() -> None:
    assert not search_for("request 00[0-9]*77").may_hang(200)
    assert not search_for("needle").may_hang(65_536)
    assert not search_for(r"1\+1").may_hang(65_536)
    assert search_for("a*b").may_hang(65_536)
    assert search_for("a+.*b.*c+d").may_hang(400)
    assert search_for("(ab)+").may_hang(10)


def test_painting_does_not_wait_for_an_expression_without_end() -> None:
    text = "a" * 5000 + "c"
    assert list(search_for("(a+)+b").spans(text)) == []
    assert list(search_for("c").spans(text)) == [(5000, 5001)]
