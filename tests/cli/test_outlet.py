import asyncio
import os
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tui.cli.outlet import Outlet

PIPE = 65_536
PATIENCE = 10


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """A pipe: its reading and its writing end."""
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)
    os.close(writing)


async def test_lines_arrive_in_order(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    outlet = Outlet()
    for number in range(100):
        outlet.put(f"line {number}", writing)
    await asyncio.wait_for(outlet.close(), PATIENCE)
    assert os.read(reading, PIPE).decode().splitlines() == [f"line {n}" for n in range(100)]


async def test_a_reader_that_stops_holds_up_nobody_and_gets_the_newest_lines_later(
    pipe: tuple[int, int],
) -> None:
    reading, writing = pipe
    outlet = Outlet(kept=50)
    for number in range(20_000):
        outlet.put(f"{number:010d}", writing)
    closing = asyncio.create_task(outlet.close())
    await asyncio.sleep(0)
    assert not closing.done()
    received = await asyncio.to_thread(_read_to, reading, b"0000019999\n")
    await asyncio.wait_for(closing, PATIENCE)
    numbers = [int(line) for line in received.decode().splitlines()]
    assert numbers[-50:] == list(range(19_950, 20_000))
    assert all(one < other for one, other in pairwise(numbers))
    assert len(numbers) < 20_000


async def test_a_reader_that_went_away_is_not_waited_for() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    outlet = Outlet()
    outlet.put("nobody reads this", writing)
    await asyncio.wait_for(outlet.close(), PATIENCE)
    outlet.put("nor this", writing)
    os.close(writing)


def _read_to(descriptor: int, last: bytes) -> bytes:
    received = b""
    while not received.endswith(last):
        received += os.read(descriptor, PIPE)
    return received
