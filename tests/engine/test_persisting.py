import asyncio

import pytest

from tests.cluster import eventually
from tui.engine.bus import Bus
from tui.engine.persisting import persist
from tui.model import events as e
from tui.model.faults import Fault, FaultError

AWAY = Fault("api-unreachable", "it is away")
TIMES = 4


@pytest.mark.parametrize(("well", "often"), [(60.0, 1), (0.0, TIMES)])
async def test_what_ends_it_is_told_again_only_after_it_went_well(
    well: float, often: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.engine.persisting.ANEW", 0.001)
    monkeypatch.setattr("tui.engine.persisting.WELL", well)
    bus, times, seen = Bus(), 0, asyncio.Event()
    told = bus.subscribe()

    async def work() -> None:
        nonlocal times
        times += 1
        if times > TIMES:
            seen.set()
            await asyncio.Event().wait()
        raise FaultError(AWAY)

    persisting = asyncio.create_task(persist("trying", work, bus))
    await eventually(seen.is_set)
    persisting.cancel()
    assert [one.event for one in told.drain()] == [e.FaultRaised(AWAY)] * often
