import json
import time
from array import array
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tui.cli.options import Call
from tui.cli.printing import Printer, present_json, present_plain
from tui.logs.blocks import Block
from tui.logs.found import Found
from tui.logs.reader import LogReader
from tui.logs.store import LogStore
from tui.model.loglines import Level, LogBatch, LogFilter, LogOrigin, LogRecord

SECOND = 1_000_000_000
HERE = datetime.now(UTC).astimezone().tzinfo


def found(*times: int, message: str = "boom") -> Found:
    origins, levels = array("I", [0] * len(times)), bytes([Level.ERROR] * len(times))
    block = Block(1, "\n".join([message] * len(times)), array("q", times), origins, levels)
    origin = LogOrigin(3, "app-3", "app", 0, "stdout")
    return Found(block, range(len(times)), [origin])


def test_a_log_line_has_its_documented_keys() -> None:
    fields = {
        "time": "1970-01-01T00:00:01.500000+00:00",
        "revision": 3,
        "pod": "app-3",
        "container": "app",
        "level": "error",
        "message": "boom",
    }
    shown = present_json(found(1_500_000_000, 1_500_000_000))
    assert [json.loads(text) for text in shown.split("\n")] == [fields, fields]


async def test_what_is_to_be_said_of_the_lines_is_told_beside_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = LogStore(tmp_path / "logs.db")
    store.start()
    now = time.time_ns()
    records = [
        LogRecord(now, 3, "app-3", "app", 0, "stdout", "boom"),
        LogRecord(now, 3, "app-3", "app", 0, "marker", "lines may be missing here"),
    ]
    store.put(LogBatch("", "", records))
    await store.close()
    printer = Printer(Call(tmp_path, "development", "plain"), LogReader(tmp_path / "logs.db"))
    await printer.print_on(LogFilter(streams=frozenset({"stdout", "stderr"})))
    out, err = capsys.readouterr()
    assert out.endswith("app-3 boom\n")
    assert out.count("\n") == 1
    assert err.endswith("app-3 lines may be missing here\n")


@pytest.mark.parametrize(("last", "shown"), [(0, 0), (1, 1), (3000, 3000), (9999, 6000)])
async def test_only_the_last_lines_that_are_wanted_are_printed_and_those_that_come_then(
    last: int, shown: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = LogStore(tmp_path / "logs.db")
    store.start()
    now = time.time_ns()

    async def write(numbers: range) -> None:
        texts = [text for number in numbers for text in (f"{number} one", f"{number} other")]
        records = [LogRecord(now, 3, "app-3", "app", 0, "stdout", text) for text in texts]
        store.put(LogBatch("", "", records))
        await store.flush()

    wanted = LogFilter(include="one", streams=frozenset({"stdout", "stderr"}))
    printer = Printer(Call(tmp_path, "development", "json"), LogReader(tmp_path / "logs.db"))
    await write(range(6000))
    await printer.leave_out(wanted, last)
    await write(range(6000, 6010))
    await printer.print_on(wanted)
    await store.close()
    printed = [json.loads(text)["message"] for text in capsys.readouterr().out.splitlines()]
    assert printed == [f"{number} one" for number in range(6000 - shown, 6010)]


def test_each_line_has_its_own_time_of_day_also_where_seconds_go_back() -> None:
    noon = int(datetime(2026, 11, 25, 12, tzinfo=HERE).timestamp()) * SECOND
    moments = (noon + 7_999_999, noon + SECOND - 1, noon + SECOND, noon)
    assert present_plain(found(*moments)).split("\n") == [
        "12:00:00.007 app-3 boom",
        "12:00:00.999 app-3 boom",
        "12:00:01.000 app-3 boom",
        "12:00:00.000 app-3 boom",
    ]


def test_what_a_terminal_would_obey_is_shown_by_its_picture() -> None:
    assert present_plain(found(0, message="a\x1bb\rc")).endswith(" app-3 a␛b␍c")
