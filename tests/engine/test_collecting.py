import asyncio

from tests.engine.scripted import ListSink, OneLock, ScriptedBackend
from tui.engine.following import collect


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
    work = collect(ScriptedBackend(), SlowSink(told), ToldLock(told), caught_up)
    collecting = asyncio.create_task(work)
    await caught_up.wait()
    told.clear()
    collecting.cancel()
    await asyncio.gather(collecting, return_exceptions=True)
    assert told == ["committed", "released"]
