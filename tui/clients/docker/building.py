"""Building with what there is: buildx, or else the engine's own builder.

buildx needs a BuildKit. An engine without one (Podman builds by Buildah) would have to run BuildKit
in a privileged container first, whose image comes from the network: buildx does so by itself. So
there the engine's own builder is taken for whatever it can do.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING

from tui.clients.docker.builder import engine_build
from tui.clients.docker.buildx import buildx_build
from tui.clients.docker.engine import Engine
from tui.clients.docker.plugin import (
    buildx_version,
    installed_buildx,
    plugin_environment,
    speaks_raw_json,
)
from tui.clients.docker.progress import Progress
from tui.clients.docker.request import BuildRequest, only_buildkit

if TYPE_CHECKING:
    from docker import APIClient


async def build_with_any(
    engine: Engine, request: BuildRequest
) -> AsyncGenerator[list[Progress], None]:
    """Build and yield the progress in batches; the last one ends with `Solved` or `Unsolved`.

    Raises FaultError when no builder can be asked. Close it (`contextlib.aclosing`): that stops
    the build.
    """
    program = await usable_buildx(engine)
    if program and (only_buildkit(request) or await has_buildkit(engine)):
        env = plugin_environment(engine.environ, engine.endpoint)
        building = buildx_build(program, request, env)
    else:
        building = engine_build(engine, request)
    async with aclosing(building) as batches:
        async for batch in batches:
            yield batch


async def usable_buildx(engine: Engine) -> str:
    """Return the path of a buildx that tells its progress; empty where there is none."""
    installed = await asyncio.to_thread(installed_buildx, engine.environ)
    program, _ = installed
    if not program:
        return ""
    if installed not in engine.buildx_versions:
        engine.buildx_versions[installed] = await buildx_version(program)
    return program if speaks_raw_json(engine.buildx_versions[installed]) else ""


async def has_buildkit(engine: Engine) -> bool:
    """Ask whether there is a BuildKit inside the engine; raises FaultError.

    Its door is `POST /grpc`, which is how buildx tells (docker/buildx: driver/docker/factory.go).
    Asked for no protocol it refuses with one status or another; where there is none, with 404.
    """
    return await engine.ask(_has_buildkit)


def _has_buildkit(client: "APIClient") -> bool:
    address = f"{client.base_url}/v{client.api_version}/grpc"
    return client.post(address, timeout=client.timeout).status_code != 404
