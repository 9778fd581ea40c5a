"""Work that is done while something else needs it."""

import asyncio

import pytest

from tui.backends.kubernetes.alongside import alongside


async def test_the_work_ends_with_what_needs_it() -> None:
    ended = asyncio.Event()
    async with alongside(asyncio.Event().wait(), ended.set) as task:
        await asyncio.sleep(0)
        assert not task.done()
    assert task.cancelled()
    assert ended.is_set()


async def test_work_that_breaks_is_told_at_once_and_raises_where_it_is_asked() -> None:
    async def breaks() -> None:
        raise ValueError("broken")

    ended = asyncio.Event()
    async with alongside(breaks(), ended.set) as task:
        await asyncio.wait_for(ended.wait(), 10)
        with pytest.raises(ValueError, match="broken"):
            task.result()
