"""Giving an image another tag where only the registry has it: pushed elsewhere, or by the builder.

buildx writes the tag in the registry, whatever platforms the image has. Without buildx the engine
fetches the image first; there was no builder then that could have made one for several platforms.
"""

from pathlib import Path

from tui.clients.docker.auth import credentials_for
from tui.clients.docker.building import usable_buildx
from tui.clients.docker.engine import Engine
from tui.clients.docker.plugin import plugin_command, plugin_environment
from tui.clients.docker.registry_faults import push_fault
from tui.clients.process.steps import run_step
from tui.model.faults import FaultError
from tui.model.images import Image


async def have_for_tagging(engine: Engine, image: Image, digest: str, tag: str) -> bool:
    """Return whether the engine can push the tag; False when the registry was given it already.

    Raises FaultError.
    """
    if await engine.has_image(image.reference):
        return True
    program = await usable_buildx(engine)
    if program:
        await _retag(engine, program, image, digest, tag)
        return False
    settings = (await credentials_for(image.name, engine.environ)).settings
    await engine.ask(
        lambda client: client.pull(image.name, image.tag, auth_config=dict(settings) or None)
    )
    return True


async def _retag(engine: Engine, program: str, image: Image, digest: str, tag: str) -> None:
    argv = ("imagetools", "create", "--tag", f"{image.name}:{tag}", f"{image.name}@{digest}")
    env = plugin_environment(engine.environ, engine.endpoint)
    end = await run_step(plugin_command(program, *argv), Path("/"), env, lambda lines: None)
    if end.code:
        said = "\n".join(end.last_lines)
        raise FaultError(push_fault(said, image.name.partition("/")[0], f"{image.name}:{tag}"))
