"""Building with what there is: buildx, or else the engine's own builder.

buildx needs a BuildKit. An engine without one (Podman builds by Buildah) would have to run BuildKit
in a privileged container first, whose image comes from the network: buildx does so by itself. So
there the engine's own builder is taken for whatever it can do.
"""

import asyncio
from collections.abc import AsyncGenerator
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
from tui.model.frozen import frozen

if TYPE_CHECKING:
    from docker import APIClient


@frozen
class Building:
    """A build, which begins when it is read."""

    batches: AsyncGenerator[list[Progress], None]
    """The progress; the last batch ends with `Solved` or `Unsolved`. Raises FaultError.

    Close it (`contextlib.aclosing`): that stops the build.
    """
    shares: bool
    """Whether another build that comes to the same step waits for it, and does not do it again.

    The engine's own builder does each build by itself. Of several platforms each is a build that
    asks for the context when it likes.
    """


async def build_with_any(engine: Engine, request: BuildRequest) -> Building:
    """Return the build by what there is; raises FaultError when no builder can be asked."""
    program = await usable_buildx(engine)
    if program and (only_buildkit(request) or await has_buildkit(engine)):
        env = plugin_environment(engine.environ, engine.endpoint)
        return Building(buildx_build(program, request, env), shares=len(request.platforms) < 2)
    return Building(engine_build(engine, request), shares=False)


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
