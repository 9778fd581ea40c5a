"""Collecting: log lines from the spool, as soon as the supervisor says that it grew.

Nothing is polled while a supervisor runs. Segments are deleted once the positions that the log
store committed have passed them.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

from tui.backends.observing import supervisor_wanted
from tui.clients.process.conversing import SupervisorLostError
from tui.clients.process.spool import SpoolReader, position_from
from tui.clients.process.supervisor import SupervisorClient
from tui.model.faults import FaultError
from tui.model.loglines import LogBatch

SOURCE = "spool"
LOOK = 1.0
"""Seconds between two looks for a supervisor while there is none."""


async def collect(
    supervisor: SupervisorClient,
    folder: Path,
    positions: Mapping[str, str],
    appeared: asyncio.Event,
) -> AsyncGenerator[LogBatch, None]:
    """Yield batches of log lines after `positions`, until cancelled.

    One batch without records follows what had been captured before the call.
    """
    reader = SpoolReader(folder)
    position = position_from(positions.get(SOURCE, ""))
    caught_up = False
    async with contextlib.aclosing(_occasions(supervisor, appeared)) as occasions:
        async for _ in occasions:
            while (reading := await asyncio.to_thread(reader.read, position)).advanced:
                position = reading.position
                if reading.records:
                    yield LogBatch(SOURCE, str(position), reading.records)
            if not caught_up:
                caught_up = True
                yield LogBatch("", "", ())
            committed = position_from(positions.get(SOURCE, ""))
            await asyncio.to_thread(reader.forget, committed)


async def _occasions(
    supervisor: SupervisorClient, appeared: asyncio.Event
) -> AsyncGenerator[None, None]:
    """Yield now and whenever the spool may have grown.

    What is the matter with a supervisor is told by whoever observes what runs.
    """
    while True:
        with contextlib.suppress(SupervisorLostError, FaultError):
            async with contextlib.aclosing(supervisor.follow()) as growth:
                async for _ in growth:
                    yield
        yield
        await supervisor_wanted(appeared, LOOK)
