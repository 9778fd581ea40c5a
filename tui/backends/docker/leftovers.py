"""Leftovers: containers and images on the engine that are ours and that nobody needs any more.

Containers are known by their label, images by the names that this environment's builds and
releases gave them: only those names are taken away, and an image goes with its last name.
"""

import asyncio

from tui.backends.docker.naming import REVISION
from tui.backends.history import Entry, History
from tui.backends.images.builder import ImageBuilder
from tui.backends.retention import RELEASES_KEPT, retained, running_revisions
from tui.clients.docker.containers import Containers
from tui.clients.docker.images import remove_names
from tui.clients.docker.inspecting import ContainerState
from tui.model.rollouts import Rollout

STRAY_GRACE = 2.0
"""Seconds for a container that nobody is connected to any more."""


class Leftovers:
    """What an environment has on its engine besides what is needed."""

    def __init__(
        self,
        containers: Containers,
        builder: ImageBuilder,
        history: History[Entry],
        repository: str,
    ) -> None:
        self._containers = containers
        self._builder = builder
        self._history = history
        self._repository = repository

    async def image_names(self) -> tuple[str, ...]:
        """Return the names of all images that a release was made of."""
        entries = await asyncio.to_thread(self._history.entries)
        return tuple(sorted({entry.release.image.reference for entry in entries}))

    async def prune(
        self, present: tuple[ContainerState, ...], rollout: Rollout
    ) -> tuple[tuple[str, ...], int]:
        """Leave what retained releases need; return the tags of what went and the bytes freed.

        The containers were listed before the rollout was seen: a new one is not among them. Images
        and contexts stay while a release cannot be read: what it needs is not known.
        """
        running = running_revisions(rollout)
        await self._stop_strays(present, running)
        if await asyncio.to_thread(self._history.unreadable):
            return (), 0
        entries = await asyncio.to_thread(self._history.entries)
        kept = retained(entries, running)
        needed = {entry.release.image.reference for entry in kept}
        tags, freed = await self._builder.prune({entry.release.image.tag for entry in kept})
        names = {*self._named(tags), *(entry.release.image.reference for entry in entries)}
        await remove_names(self._containers.engine, names - needed)
        revisions = {entry.release.revision for entry in kept}
        old = [entry.release.revision for entry in entries[:-RELEASES_KEPT]]
        self._history.forget(revision for revision in old if revision not in revisions)
        return tags, freed

    async def remove(self) -> None:
        """Remove all containers, and all images that were ever built or released here."""
        for state in await self._containers.all():
            await self._containers.remove(state.id)
        tags, _ = await self._builder.prune(())
        names = {*self._named(tags), *await self.image_names()}
        await remove_names(self._containers.engine, names)

    async def _stop_strays(self, present: tuple[ContainerState, ...], running: set[int]) -> None:
        """Stop what a keeper that was killed left running; whoever collects logs removes it."""
        for state in present:
            if running and state.running and int(state.labels[REVISION]) not in running:
                await self._containers.stop(state.id, STRAY_GRACE)

    def _named(self, tags: tuple[str, ...]) -> set[str]:
        return {f"{self._repository}:{tag}" for tag in tags}
