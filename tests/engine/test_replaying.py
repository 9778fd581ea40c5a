"""A recorded run is told again at the pace that was asked for."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from tui.engine.replaying import Player
from tui.model import events as e
from tui.model.faults import FaultError

PATIENCE = 10
HOUR = 3600.0
RUN = [e.Stamped(n, 100.0 + n * HOUR, e.Noticed(f"event {n}")) for n in range(4)]
"""At its own pace this takes three hours."""


@asynccontextmanager
async def playing(player: Player) -> AsyncIterator[None]:
    """Play while the `async with` lasts."""
    task = asyncio.create_task(player.play())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def told(player: Player, count: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while player.told < count:  # noqa: ASYNC110 - polling a condition
            await asyncio.sleep(0.005)


def close_together(times: Sequence[float]) -> list[e.Stamped]:
    return [e.Stamped(n, time, e.Noticed(str(n))) for n, time in enumerate(times)]


async def test_events_come_in_order_with_the_times_they_were_recorded_with() -> None:
    run = close_together([5.0, 5.0, 5.01, 5.02])
    player = Player(run)
    subscription = player.subscribe()
    async with playing(player):
        await told(player, 4)
    assert subscription.drain() == run
    assert player.ended
    assert player.now() == 5.02


async def test_an_event_waits_for_its_time() -> None:
    player = Player(RUN)
    async with playing(player):
        await told(player, 1)
        assert player.told == 1


async def test_a_clock_that_stepped_back_holds_nothing_up() -> None:
    player = Player(close_together([500.0, 20.0, 20.01]))
    async with playing(player):
        await told(player, 3)


async def test_faster_is_faster() -> None:
    clock = [0.0]
    player = Player(RUN, lambda: clock[0])
    for _ in range(20):
        player.change_speed(1)
    assert player.speed == 64.0
    clock[0] = 10.0
    assert player.now() == RUN[0].time + 640.0
    player.change_speed(-1)
    clock[0] = 20.0
    assert player.now() == RUN[0].time + 640.0 + 320.0


async def test_paused_the_clock_stands_and_nothing_is_told_until_it_goes_on() -> None:
    clock = [0.0]
    player = Player(RUN, lambda: clock[0])
    player.toggle()
    clock[0] = 10 * HOUR
    async with playing(player):
        assert player.now() == RUN[0].time
        assert player.told == 0
        player.toggle()
        await told(player, 1)


async def test_a_step_pauses_and_tells_one_event_whenever_it_was() -> None:
    player = Player(RUN)
    async with playing(player):
        for count in (1, 2, 3, 4, 4):
            player.step()
            assert player.told == count
            assert player.paused or player.ended
    assert player.now() == RUN[-1].time


async def test_to_the_end_tells_all_there_is() -> None:
    player = Player(RUN)
    async with playing(player):
        player.to_end()
    assert player.ended
    assert player.state.notices[-1][1] == "event 3"


async def test_going_to_the_end_just_as_an_event_is_due_tells_it_once() -> None:
    clock = [0.0]
    player = Player(RUN, lambda: clock[0])
    subscription = player.subscribe()
    async with playing(player):
        await told(player, 1)
        clock[0] = 10 * HOUR
        player.toggle()
        player.to_end()
        player.toggle()
        await asyncio.sleep(0)
    assert subscription.drain() == RUN


async def test_an_empty_recording_has_ended() -> None:
    player = Player([])
    async with playing(player):
        player.step()
    assert player.ended
    assert player.last is None


async def test_nothing_can_be_compared() -> None:
    with pytest.raises(FaultError, match="recorded"):
        await Player(RUN).difference(1, 2)
