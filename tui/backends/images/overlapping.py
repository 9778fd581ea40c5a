"""Overlapping: a build that a save superseded goes on beside the next one, for a step of both.

Were it ended first, an install of dependencies that takes longer than the pause between two saves
would begin anew with each of them and never end. So a build that is cancelled is only left: it goes
on, unheard, while it is at a step that the next one may want (`sharing`), and is ended after that,
with the next one's end at the latest. Of three builds the first one is kept while it is wanted, for
it is the furthest along: never more than two.

A BuildKit that tells the next build nothing of a step that it waits for leaves that to us: what the
older build tells of the step is heard by the next one as well. Where the step fails, both fail,
each by a program of its own: the next one may be heard to fail before the older one has told why.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tui.backends.images.sharing import still_wanted, waited_for
from tui.backends.images.solving import Hear, Solving
from tui.clients.docker.building import Building
from tui.clients.docker.progress import Solved, Unsolved
from tui.ports.enduring import to_its_end

LAST_WORDS = 5.0
"""Seconds that a build has to tell what failed in it, after the one that waited for it failed."""


class Overlap:
    """The builds of one environment: the newest one, and beside it one that was left."""

    quiet = 1.0
    """Seconds after which a builder that tells nothing waits, for it would have told a begin."""

    def __init__(self) -> None:
        self._older: Solving | None = None
        self._newer: Solving | None = None

    @asynccontextmanager
    async def next_one(self) -> AsyncIterator[None]:
        """Do all of the next build inside: when it ends, what was left before ends, too.

        It does not when this one is cancelled, for then another one may follow.
        """
        cancelled = False
        try:
            yield
        except asyncio.CancelledError:
            cancelled = True
            raise
        finally:
            if not cancelled:
                await self.let_go()

    async def solve(self, building: Building, hear: Hear) -> Solved | Unsolved:
        """Build to the end; left when cancelled. Raises FaultError."""
        newer = self._newer = Solving(building, hear, self._end_unwanted)
        joining = asyncio.create_task(self._join(newer, hear))
        try:
            end = await asyncio.shield(newer.work)
            if isinstance(end, Unsolved):
                await self._hear_out(newer, hear)
            return end
        except asyncio.CancelledError:
            await to_its_end(self._leave(newer))
            raise
        finally:
            joining.cancel()
            if self._older is not None:
                self._older.unheard()

    async def let_go(self) -> None:
        """End what was left; when this returns there is nothing of it."""
        if self._older is not None:
            await to_its_end(self._older.ended())
            self._older = None

    async def _leave(self, newer: Solving) -> None:
        goes_on = newer.may_go_on
        newer.unheard()
        self._newer = None
        if self._older is not None and not self._older.over:
            goes_on = False
        else:
            await self.let_go()
        if goes_on:
            self._older = newer
        else:
            await newer.ended()

    async def _join(self, newer: Solving, hear: Hear) -> None:
        """Have steps that the newer build waits for told, once it proves to wait for them."""
        told = -1
        while self._older and (told != newer.told or not self._joined(newer, hear)):
            told = newer.told
            await asyncio.sleep(self.quiet)

    async def _hear_out(self, newer: Solving, hear: Hear) -> None:
        """Have the older build heard to its end where the newer one waited for it."""
        older = self._older
        if older is not None and (older.is_heard or self._joined(newer, hear)):
            await asyncio.wait([older.work], timeout=LAST_WORDS)

    def _joined(self, newer: Solving, hear: Hear) -> bool:
        """Have steps of the older build heard that the newer one waits for; False for none."""
        older = self._older
        steps = waited_for(older.vertices, newer.vertices) if older is not None else ()
        if older is not None and steps:
            older.heard(steps, hear)
        return bool(steps)

    def _end_unwanted(self) -> None:
        older, newer = self._older, self._newer
        known = newer.vertices if newer is not None else None
        if older is not None and not still_wanted(older.vertices, known):
            older.work.cancel()
