"""Building with the engine's own builder, where there is no buildx, or no BuildKit for it.

The engine takes the context as a tar and answers with a stream of JSON (docs.docker.com, Engine
API, "Build an image").
"""

import time
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from tui.clients.docker.auth import Settings, all_credentials
from tui.clients.docker.context_tar import ContextTar
from tui.clients.docker.engine import Engine
from tui.clients.docker.progress import Progress, Unsolved
from tui.clients.docker.request import BuildRequest, only_buildkit
from tui.clients.docker.story import Story
from tui.model.faults import Fault, FaultError

if TYPE_CHECKING:
    from docker import APIClient

REFUSED = "engine-failed"
"""The engine's answer to a Dockerfile that it cannot read."""


async def engine_build(
    engine: Engine, request: BuildRequest
) -> AsyncGenerator[list[Progress], None]:
    """Build and yield the progress in batches; the last one ends with `Solved` or `Unsolved`.

    Raises FaultError when the engine or a credential store does not answer, or for what only
    BuildKit can do.
    """
    refuse_what_needs_buildkit(request)
    credentials = await all_credentials(engine.environ)
    tar = ContextTar(request.context, request.dockerfile, request.dockerfile_name)
    story = Story(request.dockerfile.read_text(errors="replace"))
    try:
        building = engine.stream(lambda client: _begin(client, request, tar, credentials))
        async with aclosing(building) as messages:
            async for message in messages:
                yield story.take(message, time.time())
        yield story.close(time.time())
    except FaultError as error:
        if error.fault.code != REFUSED:
            raise
        yield [Unsolved(error.fault.evidence)]
    finally:
        tar.close()


def _begin(
    client: "APIClient",
    request: BuildRequest,
    tar: ContextTar,
    credentials: Mapping[str, Settings],
) -> Iterable[dict[str, Any]]:
    _know(client, credentials)
    said: Iterable[dict[str, Any]] = client.build(
        fileobj=tar,  # type: ignore[arg-type]  # it is iterated over, no more
        custom_context=True,
        dockerfile=request.dockerfile_name,
        tag=request.references[0],
        buildargs=dict(request.build_args),
        target=request.target or None,
        platform=request.platforms[0] if request.platforms else None,
        cache_from=list(request.cache_from) or None,
        rm=True,
        forcerm=True,
        decode=True,
    )
    return said


def _know(client: "APIClient", credentials: Mapping[str, Settings]) -> None:
    """Give the SDK its credentials: `build` takes none, and waits for a store without a limit.

    An address such as `https://r.example/v1` counts as its host as well, as it does for the SDK.
    """
    from docker.auth import AuthConfig, convert_to_hostname

    hosts = {convert_to_hostname(address): one for address, one in credentials.items()}

    class Known(AuthConfig):
        is_empty = False  # else the SDK would look for others

        def get_all_credentials(self) -> dict[str, Settings]:
            return {**hosts, **credentials}

    client._auth_configs = Known({})  # type: ignore[attr-defined]


def refuse_what_needs_buildkit(request: BuildRequest) -> None:
    """Raise FaultError when a request asks for what the engine's own builder cannot do."""
    if key := only_buildkit(request):
        raise FaultError(
            Fault(
                "buildx-missing",
                f"`{key}` needs buildx, which is not installed",
                "usage",
                place="draft.toml",
                remedy="install docker's buildx plugin (0.13 or newer)",
            )
        )
