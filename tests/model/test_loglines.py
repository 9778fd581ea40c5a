from hypothesis import given
from hypothesis import strategies as st

from tui.model.loglines import LogOrigin, LogRecord, LogRun

ORIGIN = LogOrigin(3, "app-3", "app", 1, "stderr")
LINES = st.lists(st.tuples(st.integers(), st.text()))


def records(lines: list[tuple[int, str]]) -> list[LogRecord]:
    return [LogRecord(time, 3, "app-3", "app", 1, "stderr", message) for time, message in lines]


def run(lines: list[tuple[int, str]]) -> LogRun:
    return LogRun(ORIGIN, [time for time, _ in lines], [message for _, message in lines])


@given(LINES, st.slices(10))
def test_a_run_is_the_sequence_of_its_records(lines: list[tuple[int, str]], part: slice) -> None:
    assert list(run(lines)) == records(lines)
    assert [run(lines)[at] for at in range(len(lines))] == records(lines)
    assert list(run(lines)[part]) == records(lines)[part]
