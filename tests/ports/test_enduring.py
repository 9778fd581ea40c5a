import asyncio
import threading

import pytest

from tests.cluster import eventually
from tui.ports.enduring import to_its_end


async def test_a_thread_is_waited_for_however_often_that_is_cancelled() -> None:
    began, go = threading.Event(), threading.Event()

    def work() -> None:
        began.set()
        go.wait()

    waiting = asyncio.create_task(to_its_end(asyncio.to_thread(work)))
    await eventually(began.is_set)
    for _ in range(3):
        waiting.cancel()
        assert await asyncio.wait([waiting], timeout=0.01) == (set(), {waiting})
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_what_came_of_it_is_returned() -> None:
    assert await to_its_end(asyncio.to_thread(lambda: "done")) == "done"


async def test_what_takes_too_long_after_a_cancellation_is_cancelled_as_well() -> None:
    work = asyncio.create_task(asyncio.Event().wait())
    waiting = asyncio.create_task(to_its_end(work, patience=0.01))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert work.cancelled()


async def test_what_fails_is_told_unless_whoever_waits_is_cancelled(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail() -> None:
        await asyncio.sleep(0)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await to_its_end(fail())
    waiting = asyncio.create_task(to_its_end(fail()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert caplog.records == []
