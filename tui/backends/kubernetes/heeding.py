"""Heeding others: what is released here without this redraft is taken up as soon as it shows.

Other redrafts write records, which are watched. A helm or kubectl that somebody runs writes none,
but changes the spec of a workload, so that its generation rises: then the chronology is asked, once
for each change, and once more where another shows meanwhile. A release of ours that has no outcome
yet is let finish before, and so is a helm that is at work: it calls what it makes a release once it
is done.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from tui.backends.kubernetes.chronology import Chronology
from tui.backends.kubernetes.objects import Objects
from tui.backends.kubernetes.picture.wanted import Wanted, changed_since
from tui.backends.kubernetes.records import Record
from tui.model.faults import FaultError
from tui.model.releases import Outcome

if TYPE_CHECKING:
    from tui.clients.kube.session import KubeSession

Take = Callable[[tuple[Record, ...]], None]


class Heed:
    """Hands over all records, oldest first, when others released something."""

    def __init__(self, chronology: Chronology, take: Take) -> None:
        self._chronology = chronology
        self._take = take
        self._heeding = False
        self._due: object = None
        self._asked: object = None
        self._asking: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def others(self, session: "KubeSession") -> AsyncIterator[None]:
        """Watch records while the `async with` lasts, and end what was begun."""
        # imported here: what watches needs aiohttp, which takes a quarter of a second
        from tui.backends.kubernetes.record_watching import watch_records

        watching = asyncio.create_task(watch_records(session, self._chronology.ledger, self._take))
        self._heeding = True
        try:
            yield
        finally:
            self._heeding = False
            tasks = [task for task in (watching, self._asking) if task is not None]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def look(self, objects: Objects, wanted: Wanted, outcome: Outcome) -> None:
        """Ask for what others released, where these objects show a change not asked about yet.

        Nothing is asked where records are not watched: nobody would wait for it.
        """
        changes = changed_since(objects, wanted)
        asks = changes and outcome != "pending"
        self._due = (changes, wanted.revision, outcome) if asks else None
        busy = self._asking is not None and not self._asking.done()
        if self._heeding and self._is_due() and not busy:
            self._asking = asyncio.create_task(self._ask())

    def _is_due(self) -> bool:
        return self._due is not None and self._due != self._asked

    async def _ask(self) -> None:
        with suppress(FaultError):  # out of reach: the next picture has it asked again
            while self._is_due():
                due = self._due
                await self._chronology.helm_is_done()
                records = await self._chronology.records()
                self._asked = due
                self._take(records)
