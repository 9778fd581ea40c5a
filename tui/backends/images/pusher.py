"""Pushing images: layer by layer, again where that may help, and never what is there already."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace

from tui.backends.images.builder import pushes_itself
from tui.backends.images.layers import LayerTelling
from tui.backends.images.retagging import have_for_tagging
from tui.clients.docker.engine import Engine
from tui.clients.docker.push import Pushed, push_image, registry_digest, tag_image
from tui.config.environment import Environment
from tui.model.faults import FaultError
from tui.model.images import Image
from tui.ports.telling import Steps

DELAYS = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds before each further try."""
SHOWN = 12
"""Characters of a hash by which people know it."""


class ImagePusher:
    """Brings images into the registry that their names begin with."""

    def __init__(self, engine: Engine, delays: Sequence[float] = DELAYS) -> None:
        self._engine = engine
        self._delays = delays

    async def push(self, image: Image, environment: Environment, steps: Steps) -> Image:
        """Push an image and its custom tags; return it with its digest. Raises FaultError.

        What the registry has is not pushed again; it is not asked once more for an image that was
        built just now because it had none. A registry that fails, hangs or is out of reach is tried
        again, each time later; one that refuses is not. The digest is that of the image's own tag:
        an engine that fetched only its platform's part for another tag pushes that under another.
        """
        telling = LayerTelling(steps)
        unknown = not image.cached and not pushes_itself(environment)
        digest = ""
        for tag in (image.tag, *environment.custom_tags):
            shown = tag[:SHOWN] if tag == image.tag else tag
            name = f"push {image.name}:{shown}"
            async with steps.step(name) as note:
                look = tag != image.tag or not unknown
                there = await self._push(image, tag, digest, name, telling, look=look)
                note.text = there[: len("sha256:") + SHOWN]
                digest = digest or there
        return replace(image, digest=digest)

    async def _push(
        self, image: Image, tag: str, wanted: str, name: str, telling: LayerTelling, *, look: bool
    ) -> str:
        """Push one tag as often as it may help; return its digest."""
        for delay in self._delays:
            try:
                return await self._try(image, tag, wanted, telling, look=look)
            except FaultError as error:
                look = True
                if error.fault.kind != "unreachable":
                    raise
                said = " ".join(error.fault.evidence) or error.fault.sentence
                telling.steps.printed(name, (f"{said}; again in {delay:g} s",))
            await asyncio.sleep(delay)
        return await self._try(image, tag, wanted, telling, look=look)

    async def _try(
        self, image: Image, tag: str, wanted: str, telling: LayerTelling, *, look: bool
    ) -> str:
        """Push one tag, unless it is there: under any digest, or under the one that is wanted."""
        there = await registry_digest(self._engine, image.name, tag) if look else ""
        if there and there == (wanted or there):
            return there
        if tag != image.tag:
            if not await have_for_tagging(self._engine, image, wanted, tag):
                return wanted
            await tag_image(self._engine, image.reference, image.name, tag)
        digest = ""
        try:
            async with aclosing(push_image(self._engine, image.name, tag)) as pushing:
                async for progress in pushing:
                    if isinstance(progress, Pushed):
                        digest = progress.digest
                    else:
                        telling.take(progress)
        finally:
            telling.close()
        return digest
