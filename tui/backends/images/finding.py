"""Finding an image: whether what would be built is there already."""

import asyncio
import contextlib
from dataclasses import replace

from tui.clients.docker.engine import Engine
from tui.clients.docker.push import registry_digest
from tui.config.environment import Environment
from tui.model.faults import FaultError
from tui.model.images import Image

PATIENCE = 5.0
"""Seconds for a registry's answer; one that does not give it does not keep a build waiting."""


async def find_image(engine: Engine, environment: Environment, image: Image) -> Image | None:
    """Return the image when the engine has it, or the registry that a cluster pulls from.

    Only a registry tells its digest: an engine with containerd's image store knows one for every
    image, and no registry need have heard of it. Raises FaultError when the engine does not answer.
    """
    if await engine.has_image(image.reference):
        return replace(image, cached=True)
    if environment.backend != "kubernetes" or not environment.registry:
        return None
    if environment.push == "never":
        return None
    digest = ""
    with contextlib.suppress(FaultError, TimeoutError):  # the push will tell of it
        async with asyncio.timeout(PATIENCE):
            digest = await registry_digest(engine, image.name, image.tag)
    return replace(image, cached=True, digest=digest) if digest else None
