"""Checking: the engine, its builder, and whether the registry takes what is pushed."""

from tui.clients.docker.engine import Engine
from tui.clients.docker.plugin import buildx_version, find_buildx, speaks_raw_json
from tui.clients.docker.probe import TAG, probe_push
from tui.model.faults import Fault, FaultError
from tui.ports.backend import Checked


async def check_engine(engine: Engine) -> tuple[Checked, ...]:
    """Look at the engine and at buildx."""
    try:
        about = await engine.about()
    except FaultError as error:
        return (Checked("docker", "failed", error.fault.sentence, error.fault),)
    detail = f"{about.version} (API {about.api}, {about.platform}) at {engine.endpoint.host}"
    return Checked("docker", "ok", detail), await _check_buildx(engine)


async def check_push(engine: Engine, repository: str) -> Checked:
    """Push an empty image where the app's own images go."""
    try:
        await probe_push(engine, repository)
    except FaultError as error:
        return Checked("registry push", "failed", error.fault.sentence, error.fault)
    return Checked("registry push", "ok", f"took an empty image as {repository}:{TAG}")


async def _check_buildx(engine: Engine) -> Checked:
    program = find_buildx(engine.environ)
    if not program:
        return _without_buildx("not installed: images are built by the engine's own builder")
    version = await buildx_version(program)
    told = ".".join(map(str, version)) or "of unknown version"
    if not speaks_raw_json(version):
        return _without_buildx(f"{told} is too old to tell how a build goes")
    return Checked("buildx", "ok", f"{told} at {program}")


def _without_buildx(detail: str) -> Checked:
    remedy = "install docker's buildx plugin, 0.13 or newer"
    return Checked("buildx", "warning", detail, Fault("buildx-missing", detail, remedy=remedy))
