"""Building images, for every backend that runs them.

The steps of a build are told in this order: `context` (find what changed and keep it), then the
builder's own. Nothing is built when the engine, or the registry, has the tag already.
"""

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tui.backends.images.contexts import Contexts
from tui.backends.images.finding import find_image
from tui.backends.images.overlapping import Overlap
from tui.backends.images.recipe import Recipe, repository
from tui.backends.images.redacting import redaction
from tui.backends.images.telling import BuildTelling
from tui.clients.docker.building import Building, build_with_any
from tui.clients.docker.engine import Engine
from tui.clients.docker.failures import build_fault
from tui.clients.docker.progress import Solved, Unsolved
from tui.clients.docker.request import request_for
from tui.config.environment import Environment
from tui.model.faults import FaultError
from tui.model.images import FileDifference, Image
from tui.ports.enduring import to_its_end
from tui.ports.telling import Steps

if TYPE_CHECKING:
    from tui.model.stages import StepOutcome

T = TypeVar("T")


class ImageBuilder:
    """Builds the present tree of a project as an image."""

    def __init__(self, project: Path, state: Path, engine: Engine) -> None:
        self._project = project
        self._engine = engine
        self._contexts = Contexts(project, state)
        self._thread = ThreadPoolExecutor(1, "context")
        self._overlap = Overlap()

    async def build(self, environment: Environment, steps: Steps) -> Image:
        """Return the image of the tree as it is now, `cached` when it was there; raises FaultError.

        Its digest is set when a registry holds it already. When cancelled it may go on at a step
        that the next build wants, until `let_go`.
        """
        async with self._overlap.next_one():
            return await self._image(environment, steps)

    async def let_go(self) -> None:
        """End what a cancelled build left going for the next one."""
        await self._overlap.let_go()

    async def _image(self, environment: Environment, steps: Steps) -> Image:
        async with steps.step("context") as note:
            recipe = await self._in_turn(self._contexts.take, environment)
            note.text = f"{len(recipe.manifest.entries):,} files"
        image = Image(repository(environment), recipe.tag)
        found = await find_image(self._engine, environment, image)
        if found is not None:
            return found
        return await self._build(environment, recipe, image, steps)

    async def files(self, tag: str) -> dict[str, str]:
        """Return the files of an image's context by path, each with its content's SHA-256.

        Raises FaultError when they are not kept any more.
        """
        return await self._in_turn(self._contexts.files, tag)

    async def changed(self, old: Image, new: Image) -> tuple[str, ...]:
        """Return the files in which two images differ; none when one is not kept any more."""
        return await self._in_turn(self._contexts.changed, old.tag, new.tag)

    async def difference(self, old_tag: str, new_tag: str) -> tuple[FileDifference, ...]:
        """Return how the files of two images differ; nothing when one is not kept any more."""
        return await self._in_turn(self._contexts.difference, old_tag, new_tag)

    async def prune(self, keep: Collection[str]) -> tuple[tuple[str, ...], int]:
        """Forget the files of all images but these; return their tags and the bytes freed."""
        return await self._in_turn(self._contexts.prune, keep)

    async def size(self) -> int:
        """Return the bytes that are kept of contexts."""
        return await self._in_turn(self._contexts.size)

    async def _build(
        self, environment: Environment, recipe: Recipe, image: Image, steps: Steps
    ) -> Image:
        folder, dockerfile = await self._in_turn(self._contexts.lay_out, recipe)
        request = request_for(environment, self._project, folder, dockerfile, image.reference)
        request = replace(request, push=pushes_itself(environment))
        redact = await self._in_turn(
            redaction, request.secrets, self._project, self._engine.environ
        )
        telling = BuildTelling(steps, redact)
        end = await self._told(await build_with_any(self._engine, request), telling)
        if isinstance(end, Solved):
            return image
        text = recipe.dockerfile.decode(errors="replace")
        said = replace(end, lines=tuple(map(redact, end.lines)))
        raise FaultError(build_fault(said, telling.failed, environment.dockerfile, text))

    async def _told(self, building: Building, telling: BuildTelling) -> Solved | Unsolved:
        outcome: StepOutcome = "cancelled"
        try:
            end = await self._overlap.solve(building, telling.take)
            outcome = "done" if isinstance(end, Solved) else "cancelled"
        finally:
            telling.close(outcome)
        return end

    async def _in_turn(self, work: Callable[..., T], *arguments: object) -> T:
        """Run blocking work in the one thread for it, to its end even in a cancelled build."""
        loop = asyncio.get_running_loop()
        return await to_its_end(loop.run_in_executor(self._thread, work, *arguments))


def pushes_itself(environment: Environment) -> bool:
    """Whether the builder pushes: a remote one has the layers, and the engine need not.

    What runs on the engine itself has to be there.
    """
    named = environment.builder and environment.registry and environment.backend == "kubernetes"
    return bool(named) and environment.push != "never"
