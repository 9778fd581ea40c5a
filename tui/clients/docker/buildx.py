"""Building with BuildKit: `buildx build --progress=rawjson`.

buildx is the only client that speaks with BuildKit in all its places (the engine, a container, a
cluster, another machine), so it is run. Whoever stops reading the progress kills its process group
at once; BuildKit then cancels the build, since its session is gone.
"""

import asyncio
import contextlib
import itertools
import os
import re
import signal
from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path

from tui.clients.docker.plugin import plugin_command
from tui.clients.docker.progress import Progress, Solved, Unsolved
from tui.clients.docker.rawjson import RawJson
from tui.clients.docker.request import BuildRequest
from tui.clients.pipes import open_pipe
from tui.config.environment import BuildSecret
from tui.model.faults import Fault, FaultError

BREATH = 0.02
"""Seconds between two reads, so that progress comes in batches."""
PLACE = re.compile(r"\S+:(\d+)")
RULER = "----"


async def buildx_build(
    program: str, request: BuildRequest, env: Mapping[str, str]
) -> AsyncGenerator[list[Progress], None]:
    """Build and yield the progress in batches; the last one ends with `Solved` or `Unsolved`.

    Raises FaultError when buildx cannot be started.
    """
    async with open_pipe() as (output, writing):
        process = await _start(
            plugin_command(program, *buildx_arguments(request)), request, env, writing
        )
        try:
            reader = RawJson()
            async for batch in _batches(process, output, reader):
                yield batch
            code = await process.wait()
            yield [Unsolved(*_ending(reader.lines)) if code else Solved()]
        finally:
            _kill(process)
            await asyncio.shield(process.wait())


def buildx_arguments(request: BuildRequest) -> list[str]:
    """Return buildx's arguments; no secret's value is among them."""
    return [
        "build",
        "--progress=rawjson",
        f"--file={request.dockerfile}",
        "--push" if request.push else "--load",
        *(f"--tag={reference}" for reference in request.references),
        *(f"--build-arg={key}={value}" for key, value in request.build_args.items()),
        *(f"--secret={_secret(secret, request.project)}" for secret in request.secrets),
        *(f"--cache-from={cache}" for cache in request.cache_from),
        *(f"--cache-to={cache}" for cache in request.cache_to),
        *([f"--platform={','.join(request.platforms)}"] if request.platforms else ()),
        *([f"--target={request.target}"] if request.target else ()),
        *([f"--builder={request.builder}"] if request.builder else ()),
        str(request.context),
    ]


def _secret(secret: BuildSecret, project: Path) -> str:
    if secret.source == "variable":
        return f"id={secret.id},env={secret.name}"
    return f"id={secret.id},src={project / Path(secret.name).expanduser()}"


async def _start(
    argv: Sequence[str], request: BuildRequest, env: Mapping[str, str], writing: int
) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *argv,
            cwd=request.project,
            env=env,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=writing,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise FaultError(_not_started(argv[0], str(error))) from error
    finally:
        os.close(writing)


async def _batches(
    process: asyncio.subprocess.Process, output: asyncio.StreamReader, reader: RawJson
) -> AsyncGenerator[list[Progress], None]:
    while chunk := await output.read(1 << 16):
        if batch := reader.feed(chunk):
            yield batch
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BREATH):
                await process.wait()  # what is left is read at once then
    if batch := reader.close():
        yield batch


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _ending(lines: list[str]) -> tuple[tuple[str, ...], int]:
    """Return the error's lines and the Dockerfile's line, which newer BuildKits show framed."""
    told = [line.rstrip() for line in lines if line.strip()]
    line = 0
    for place, ruler in itertools.pairwise(told):
        if ruler.startswith(RULER) and (match := PLACE.fullmatch(place)):
            line = int(match[1])
    start = next((i for i, text in enumerate(told) if text.startswith("ERROR: ")), 0)
    return tuple(told[start:]), line


def _not_started(program: str, why: str) -> Fault:
    return Fault(
        "buildx-broken",
        "buildx could not be started",
        evidence=(f"{program}: {why}",),
        remedy="install docker's buildx plugin anew",
    )
