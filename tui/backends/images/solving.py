"""A build under way, read by a task of its own, so that whoever waits for it may leave."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import aclosing

from tui.backends.images.sharing import Vertices, still_wanted
from tui.clients.docker.building import Building
from tui.clients.docker.progress import Printed, Progress, Solved, Transfer, Unsolved, Vertex

Hear = Callable[[list[Progress]], None]


class Solving:
    """One build, begun at once; `looked` is called whenever it told something."""

    def __init__(self, building: Building, hear: Hear, looked: Callable[[], None]) -> None:
        self.vertices = Vertices()
        self.told = 0
        """How often it told something."""
        self._building = building
        self._hear: Hear | None = hear
        self._looked = looked
        self.work = asyncio.create_task(self._read())
        self.work.add_done_callback(lambda work: work.cancelled() or work.exception())

    @property
    def over(self) -> bool:
        """Whether it has ended, or is about to."""
        return self.work.done() or self.work.cancelling() > 0

    @property
    def may_go_on(self) -> bool:
        """Whether it may go on when it is left.

        It may not while it reads the context, which the next build's takes the place of.
        """
        vertices = self.vertices
        return self._building.shares and vertices.has_context and still_wanted(vertices, None)

    @property
    def is_heard(self) -> bool:
        """Whether anybody hears it."""
        return self._hear is not None

    def heard(self, steps: Iterable[Vertex], hear: Hear) -> None:
        """Have what it tells of these steps heard, from their begin on."""
        ids = {step.id for step in steps}
        for step in steps:
            hear(self.vertices.story(step))
        self._hear = lambda batch: hear([one for one in batch if _of(one) in ids])

    def unheard(self) -> None:
        """Have nobody hear it any more."""
        self._hear = None

    async def ended(self) -> None:
        """End it, and wait until it has ended."""
        self.work.cancel()
        await asyncio.wait([self.work])

    async def _read(self) -> Solved | Unsolved:
        end: Solved | Unsolved = Unsolved(("the builder ended without a word",))
        async with aclosing(self._building.batches) as batches:
            async for batch in batches:
                self.told += 1
                self.vertices.take(batch)
                if self._hear is not None:
                    self._hear(batch)
                end = next((p for p in batch if isinstance(p, Solved | Unsolved)), end)
                self._looked()
        return end


def _of(progress: Progress) -> str:
    """Return the vertex that something is told of; empty for all else."""
    match progress:
        case Vertex():
            return progress.id
        case Printed() | Transfer():
            return progress.vertex
        case _:
            return ""
