import asyncio

import pytest

from tui.clients.enduring import to_its_end


class Work:
    """Ends when it may, and knows what became of it."""

    def __init__(self) -> None:
        self.became = ""
        self.may_end = asyncio.Event()

    async def __call__(self) -> str:
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.became = "cancelled"
            raise
        self.became = "ended"
        return self.became


async def test_what_came_of_it_is_returned() -> None:
    work = Work()
    work.may_end.set()
    assert await to_its_end(work()) == "ended"


async def test_a_cancellation_waits_for_the_end() -> None:
    work = Work()
    task = asyncio.create_task(to_its_end(work()))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait((task,), timeout=0.05)
    assert not task.done()
    work.may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.became == "ended"


async def test_a_cancellation_waits_no_longer_than_there_is_patience() -> None:
    work = Work()
    task = asyncio.create_task(to_its_end(work(), 0.01))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.became == "cancelled"
