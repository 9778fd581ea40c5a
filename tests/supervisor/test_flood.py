"""Much output: none of it lost, repeated or out of order."""

import random

from tests.supervisor.stage import Stage, eventually
from tui.clients.process.spool import Position, SpoolReader

FLOOD = """
import os, random, sys
lengths = random.Random(11)
for number in range(200_000):
    stream = sys.stderr if number % 10 == 0 else sys.stdout
    stream.write(f"{number} {'x' * lengths.randrange(60)}\\n")
sys.stdout.flush()
"""


async def test_two_hundred_thousand_lines_arrive_complete_and_in_order(stage: Stage) -> None:
    await stage.apply(stage.app(1, FLOOD, opens_port=False))
    await stage.until_container(lambda c: c.last is not None)
    lengths = random.Random(11)
    wanted = [f"{number} {'x' * lengths.randrange(60)}" for number in range(200_000)]
    records = [record for record in stage.records() if record.restart == 0]
    assert [r.message for r in records if r.stream == "stdout"] == [
        line for number, line in enumerate(wanted) if number % 10
    ]
    assert [r.message for r in records if r.stream == "stderr"] == wanted[::10]
    assert [r.time for r in records] == sorted(r.time for r in records)


async def test_lines_are_there_as_soon_as_they_are_printed(stage: Stage) -> None:
    await stage.apply(stage.app(1, "print('hello'); import signal; signal.pause()"))
    reader = SpoolReader(stage.state / "spool")
    await eventually(
        lambda: "hello" in [record.message for record in reader.read(Position()).records]
    )
