import asyncio
from collections.abc import AsyncGenerator, Mapping

import pytest

from tests.cluster import eventually
from tests.engine.scripted import ListSink, OneLock, ScriptedBackend
from tui.engine.bus import Bus
from tui.engine.following import collect
from tui.model.faults import Fault, FaultError
from tui.model.loglines import LogBatch, LogRecord


class SlowSink(ListSink):
    """Commits only when it is let."""

    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self.told = told

    async def flush(self) -> None:
        await asyncio.sleep(0)
        self.told.append("committed")


class ToldLock(OneLock):
    """Says when it is given back."""

    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self.told = told

    def release(self) -> None:
        self.told.append("released")


async def test_the_collectors_place_is_free_only_when_all_it_took_is_committed() -> None:
    told: list[str] = []
    caught_up = asyncio.Event()
    work = collect(ScriptedBackend(), SlowSink(told), ToldLock(told), Bus(), caught_up)
    collecting = asyncio.create_task(work)
    await caught_up.wait()
    told.clear()
    collecting.cancel()
    await asyncio.gather(collecting, return_exceptions=True)
    assert told == ["committed", "released"]


class LosingLock(OneLock):
    """Is lost when the test says so, until it is taken anew."""

    def __init__(self) -> None:
        super().__init__()
        self.removed = False

    def lost(self) -> bool:
        return self.held and self.removed

    def release(self) -> None:
        super().release()
        self.removed = False


async def test_lines_that_come_after_the_lock_was_lost_are_left_to_who_holds_it_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.engine.following.TAKE_OVER", 0.01)
    backend, sink, lock, caught_up = ScriptedBackend(), ListSink(), LosingLock(), asyncio.Event()
    collecting = asyncio.create_task(collect(backend, sink, lock, Bus(), caught_up))
    await caught_up.wait()
    lock.removed = lock.taken_elsewhere = True
    backend.batches.put_nowait(batch("of another redraft"))
    async with asyncio.timeout(20):
        while lock.held:  # noqa: ASYNC110 - a condition of several objects
            await asyncio.sleep(0.01)
    assert not sink.records
    lock.taken_elsewhere = False
    backend.batches.put_nowait(batch("ours again"))
    async with asyncio.timeout(20):
        while not sink.records:  # noqa: ASYNC110 - a condition of several objects
            await asyncio.sleep(0.01)
    collecting.cancel()
    await asyncio.gather(collecting, return_exceptions=True)
    assert [one.message for one in sink.records] == ["ours again"]


class EndingBackend(ScriptedBackend):
    """Has log streams that end by themselves, against the protocol."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = 0

    async def logs(self, positions: Mapping[str, str]) -> AsyncGenerator[LogBatch, None]:
        self.begun += 1
        await asyncio.sleep(0)
        yield LogBatch("", "", ())


async def test_a_stream_that_ends_by_itself_is_not_begun_anew_at_once() -> None:
    backend = EndingBackend()
    work = collect(backend, ListSink(), OneLock(), Bus(), asyncio.Event())
    collecting = asyncio.create_task(work)
    for _ in range(100):
        await asyncio.sleep(0)
    collecting.cancel()
    await asyncio.gather(collecting, return_exceptions=True)
    assert backend.begun == 1


class FullSink(ListSink):
    """Takes nothing at first."""

    def __init__(self) -> None:
        super().__init__()
        self.full = True

    async def flush(self) -> None:
        if self.full:
            raise FaultError(FULL)


FULL = Fault("disk-full", "no space left on device")


async def test_collecting_goes_on_when_the_disk_has_room_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.engine.persisting.ANEW", 0.01)
    backend, sink, bus, caught_up = ScriptedBackend(), FullSink(), Bus(), asyncio.Event()
    collecting = asyncio.create_task(collect(backend, sink, OneLock(), bus, caught_up))
    await caught_up.wait()
    backend.batches.put_nowait(batch("kept"))
    sink.full = False
    await eventually(lambda: [one.message for one in sink.records] == ["kept"])
    collecting.cancel()
    await asyncio.gather(collecting, return_exceptions=True)
    assert bus.state.faults == (FULL,), "told once, however often it was tried"


def batch(text: str) -> LogBatch:
    return LogBatch("spool", "1", [LogRecord(1, 1, "app", "app", 0, "stdout", text)])
