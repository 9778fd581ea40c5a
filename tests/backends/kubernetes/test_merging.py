import asyncio
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.backends.kubernetes import merging
from tui.backends.kubernetes.incarnations import FIRST, Known
from tui.backends.kubernetes.merging import Merger, parse_source
from tui.clients.kube.logpositions import BEGINNING, Position, Progress
from tui.model.loglines import LogBatch, LogOrigin, LogRecord, LogRun

PUT = st.tuples(
    st.sampled_from("ab"), st.lists(st.integers(10**9, 2 * 10**9), min_size=1, max_size=5)
)


def run(source: str, *times: int, message: str = "", restart: int = 0) -> LogRun:
    origin = LogOrigin(1, source, "main", restart, "stdout")
    return LogRun(origin, list(times), [message] * len(times))


def position_of(records: list[LogRecord]) -> str:
    progress = Progress()
    progress.take([record.time for record in records])
    return f"0@{progress.position}@"


@given(st.lists(PUT, max_size=12), st.lists(st.integers(0, 2 * 10**9), max_size=12))
async def test_each_line_comes_once_in_its_logs_order_with_the_position_after_it(
    puts: list[tuple[str, list[int]]], moments: list[int]
) -> None:
    merger, given_to = Merger({}), {"a": list[LogRecord](), "b": list[LogRecord]()}
    for number, (source, times) in enumerate(puts):
        lines = run(source, *times, message=str(number))
        given_to[source] += lines
        await merger.put(source, FIRST, lines)
    taken: dict[str, list[LogRecord]] = {"a": [], "b": []}
    for moment in [*moments, 10**12]:
        batch = merger.take(moment)
        if batch is None:
            continue
        for one in batch.records:
            taken[one.pod].append(one)
        for source, position in batch.positions.items():
            assert position == position_of(taken[source])
    assert taken == given_to


async def test_lines_of_several_containers_are_put_in_the_order_of_their_times() -> None:
    merger = Merger({})
    await merger.put("a", FIRST, run("a", 1, 5, 9))
    await merger.put("b", FIRST, run("b", 2, 7))
    batch = merger.take(7)
    assert batch is not None
    assert [one.time for one in batch.records] == [1, 2, 5, 7]
    rest = merger.take(100)
    assert rest is not None
    assert rest.positions.keys() == {"a"}


async def test_a_line_older_than_one_before_it_in_its_log_does_not_come_sooner() -> None:
    merger = Merger({})
    await merger.put("a", FIRST, run("a", 5))
    await merger.put("a", FIRST, run("a", 3))
    await merger.put("b", FIRST, run("b", 4))
    batch = merger.take(9)
    assert batch is not None
    assert [one.time for one in batch.records] == [4, 5, 3]


async def test_lines_of_one_log_stay_the_columns_that_they_came_as() -> None:
    merger = Merger({})
    for times in ((1, 2), (3,), (5, 4, 9)):
        await merger.put("a", FIRST, run("a", *times))
    batch, rest = merger.take(7), merger.take(9)
    assert batch is not None
    assert rest is not None
    assert isinstance(batch.records, LogRun)
    assert [one.time for one in batch.records] == [1, 2, 3, 5, 4]
    assert [one.time for one in rest.records] == [9]


async def test_a_log_of_two_incarnations_gives_each_its_own_lines() -> None:
    merger = Merger({})
    await merger.put("a", FIRST, run("a", 1))
    await merger.put("a", Known(1), run("a", 2, restart=1))
    batch = merger.take(2)
    assert batch is not None
    assert [(one.time, one.restart) for one in batch.records] == [(1, 0), (2, 1)]


async def test_a_restart_begins_a_position_of_its_own() -> None:
    known, begun = Known(3, "c0ffee"), Known(4, "decade")
    merger = Merger({"a": f"3@{BEGINNING}@c0ffee"})
    await merger.put("a", known, run("a", 10**9))
    await merger.put("a", begun, run("a", 2 * 10**9), counted=False)
    batch = merger.take(3 * 10**9)
    assert batch is not None
    assert batch.positions == {"a": f"4@{BEGINNING}@decade"}
    assert parse_source(batch.positions["a"]) == (begun, BEGINNING)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nonsense", (FIRST, BEGINNING)),
        ("2@1:2:3:4:5", (Known(2), Position(1, 2, 3, 4, 5))),
        ("2@1:2:3:4:5@c0ffee", (Known(2, "c0ffee"), Position(1, 2, 3, 4, 5))),
    ],
)
def test_a_position_is_read_with_and_without_the_container_it_is_in(
    text: str, expected: tuple[Known, Position]
) -> None:
    assert parse_source(text) == expected


async def first(merger: Merger) -> LogBatch:
    async with aclosing(merger.batches()) as batches:
        async for batch in batches:
            return batch
    raise AssertionError


async def test_what_is_late_by_less_than_the_window_is_put_in_its_place() -> None:
    merger = Merger({})
    await merger.put("a", FIRST, run("a", 2))
    waiting = asyncio.create_task(first(merger))
    await asyncio.sleep(0)
    await merger.put("b", FIRST, run("b", 1))
    assert [one.time for one in (await waiting).records] == [1, 2]


async def test_followers_wait_for_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "ROOM", 2)
    merger = Merger({})
    await merger.put("a", FIRST, run("a", 1, 2))
    waiting = asyncio.create_task(merger.put("a", FIRST, run("a", 3)))
    await asyncio.sleep(0)
    assert not waiting.done()
    merger.take(10)
    await asyncio.wait_for(waiting, 5)


async def test_being_caught_up_is_told_after_the_lines_before_it() -> None:
    merger = Merger({})
    await merger.put("a", FIRST, run("a", 1))
    merger.catch_up()
    async with aclosing(merger.batches()) as batches:
        assert [len((await anext(batches)).records) for _ in range(2)] == [1, 0]


async def test_nothing_late_is_waited_for_once_the_only_log_is_caught_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(merging, "WINDOW", 3600)
    merger = Merger({})
    async with aclosing(merger.batches()) as batches:
        await merger.put("a", FIRST, run("a", 1))
        waiting = asyncio.ensure_future(anext(batches))
        await asyncio.sleep(0)
        await merger.put("a", FIRST, run("a", 2))
        merger.catch_up()
        async with asyncio.timeout(5):
            given_in_turn = [await waiting, await anext(batches), await anext(batches)]
    times = [[one.time for one in batch.records] for batch in given_in_turn]
    assert times == [[1], [2], []]


async def test_several_logs_that_are_caught_up_have_their_window() -> None:
    merger = Merger({})
    await merger.put("a", FIRST, run("a", 3))
    await merger.put("b", FIRST, run("b", 1))
    merger.catch_up()
    waiting = asyncio.create_task(first(merger))
    await asyncio.sleep(0)
    await merger.put("b", FIRST, run("b", 2))
    assert [one.time for one in (await waiting).records] == [1, 2, 3]


async def test_what_ends_a_follower_ends_the_merging() -> None:
    merger = Merger({})
    merger.fail(ValueError("broken"))
    with pytest.raises(ValueError, match="broken"):
        await first(merger)
