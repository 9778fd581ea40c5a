"""Building with the engine's own builder, where buildx is not there.

The engine takes the context as a tar and answers with a stream of JSON whose texts are meant for
people: `Step 2/4 : RUN make` begins an instruction, ` ---> Using cache` says that nothing was done,
an id with bytes is a base image's layer on its way (docs.docker.com, Engine API, "Build an image").
Podman writes `STEP 2/4: RUN make` and `--> Using cache`. It is told in BuildKit's terms, so that
both look alike.
"""

import re
import time
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from tui.clients.docker.context_tar import ContextTar
from tui.clients.docker.engine import Engine
from tui.clients.docker.progress import Printed, Progress, Solved, Transfer, Unsolved, Vertex
from tui.clients.docker.push import error_in
from tui.clients.docker.request import BuildRequest
from tui.model.dockerfiles import instructions
from tui.model.faults import Fault, FaultError

if TYPE_CHECKING:
    from docker import APIClient

REFUSED = "engine-failed"
"""The engine's answer to a Dockerfile that it cannot read."""
STEP = re.compile(r"step (\d+)/(\d+) ?: ?(.*)", re.IGNORECASE | re.DOTALL)
CACHED = re.compile(r"\s*-+> (?:Using cache|CACHED)")
NOISE = re.compile(
    r"\s*-+> |Removing intermediate container|Successfully (?:built|tagged)|COMMIT |\s*$"
)


async def engine_build(
    engine: Engine, request: BuildRequest
) -> AsyncGenerator[list[Progress], None]:
    """Build and yield the progress in batches; the last one ends with `Solved` or `Unsolved`.

    Raises FaultError when the engine does not answer, or for what only BuildKit can do.
    """
    refuse_what_needs_buildkit(request)
    tar = ContextTar(request.context, request.dockerfile, request.dockerfile_name)
    story = Story(request.dockerfile.read_text(errors="replace"))
    try:
        building = engine.stream(lambda client: _begin(client, request, tar))
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


def _begin(client: "APIClient", request: BuildRequest, tar: ContextTar) -> Iterable[dict[str, Any]]:
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


def refuse_what_needs_buildkit(request: BuildRequest) -> None:
    """Raise FaultError when a request asks for what the engine's own builder cannot do."""
    asked = {
        "build-secrets": bool(request.secrets),
        "cache-to": bool(request.cache_to),
        "builder": bool(request.builder),
        "platforms": len(request.platforms) > 1,
    }
    for key, is_asked in asked.items():
        if is_asked:
            raise FaultError(
                Fault(
                    "buildx-missing",
                    f"`{key}` needs buildx, which is not installed",
                    "usage",
                    place="draft.toml",
                    remedy="install docker's buildx plugin (0.13 or newer)",
                )
            )


class Story:
    """The engine's texts, read as progress."""

    def __init__(self, dockerfile: str) -> None:
        self._instructions = list(instructions(dockerfile))
        self._step: Vertex | None = None
        self._number = 0
        self._cached = False
        self._error = ""

    def take(self, message: dict[str, Any], now: float) -> list[Progress]:
        """Return what a message says, at Unix time `now`."""
        if error := error_in(message):
            self._error = error
        if isinstance(message.get("stream"), str):
            return self._text(message["stream"], now)
        return self._transfer(message)

    def close(self, now: float) -> list[Progress]:
        """Return the end."""
        if self._error:
            return [*self._end(now, self._error), Unsolved((self._error,), self._line())]
        return [*self._end(now), Solved()]

    def _text(self, text: str, now: float) -> list[Progress]:
        if match := STEP.match(text):
            ended = self._end(now)
            self._number = int(match[1])
            name = f"[{match[1]}/{match[2]}] {match[3].strip()}"
            self._step, self._cached = Vertex(f"step-{match[1]}", name, now), False
            return [*ended, self._step]
        if self._step is None:
            return []
        if CACHED.match(text):
            self._cached = True
        return [] if NOISE.match(text) else [Printed(self._step.id, text.encode())]

    def _transfer(self, message: dict[str, Any]) -> list[Progress]:
        detail, layer = message.get("progressDetail"), message.get("id")
        if self._step is None or not isinstance(layer, str) or not isinstance(detail, dict):
            return []
        if "total" not in detail:
            return []
        moved = f"{message.get('status')} {layer}"
        return [Transfer(self._step.id, moved, detail.get("current", 0), detail["total"])]

    def _end(self, now: float, error: str = "") -> list[Progress]:
        step, self._step = self._step, None
        if step is None:
            return []
        return [Vertex(step.id, step.name, step.started, now, self._cached, error)]

    def _line(self) -> int:
        """Return the line of the step that failed: every instruction is a step here."""
        if 0 < self._number <= len(self._instructions):
            return self._instructions[self._number - 1].line
        return 0
