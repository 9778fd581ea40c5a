"""Checking: the engine, its builder, and whether the registry takes what is pushed."""

from tui.clients.docker.building import has_buildkit, usable_buildx
from tui.clients.docker.engine import Engine
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
    try:
        program = await usable_buildx(engine)
        if program and not await has_buildkit(engine):
            program += "; the engine has no BuildKit: what its own builder can do is built by that"
    except FaultError as error:
        return Checked("buildx", "warning", error.fault.sentence, error.fault)
    if program:
        return Checked("buildx", "ok", program)
    detail = "not there, or older than 0.13: images are built by the engine's own builder"
    remedy = "install docker's buildx plugin, 0.13 or newer"
    return Checked("buildx", "warning", detail, Fault("buildx-missing", detail, remedy=remedy))
