"""Checking: the engine, its builder, and whether the registry takes what is pushed."""

from collections.abc import Sequence
from pathlib import Path

from tui.clients.docker.building import has_buildkit, usable_buildx
from tui.clients.docker.engine import Engine
from tui.clients.docker.plugin import plugin_command, plugin_environment
from tui.clients.docker.probe import TAG, probe_push
from tui.clients.process.steps import run_step
from tui.model.faults import Fault, FaultError
from tui.ports.backend import Checked


async def check_engine(engine: Engine, builder: str) -> tuple[Checked, ...]:
    """Look at the engine, at buildx, and at the builder that draft.toml names."""
    try:
        about = await engine.about()
    except FaultError as error:
        return (Checked("docker", "failed", error.fault.sentence, error.fault),)
    detail = f"{about.version} (API {about.api}, {about.platform}) at {engine.endpoint.host}"
    checked = Checked("docker", "ok", detail), await _check_buildx(engine)
    program = await usable_buildx(engine) if builder else ""
    return (*checked, await _check_builder(engine, program, builder)) if program else checked


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


async def _check_builder(engine: Engine, program: str, builder: str) -> Checked:
    said: list[str] = []
    env = plugin_environment(engine.environ, engine.endpoint)
    end = await run_step(plugin_command(program, "inspect", builder), Path("/"), env, said.extend)
    return builder_checked(builder, end.code, said)


def builder_checked(builder: str, code: int, said: Sequence[str]) -> Checked:
    """Judge what `docker buildx inspect` says of a builder; only a remote one must run before."""
    told: dict[str, str] = {}
    for line in said:
        key, _, value = line.partition(":")
        told.setdefault(key.strip(), value.strip())
    driver, status = told.get("Driver", ""), told.get("Status", "")
    if code:
        sentence, remedy = f"there is no builder {builder}", "`docker buildx ls` shows them"
        fault = Fault("builder-missing", sentence, "usage", tuple(said), remedy=remedy)
    elif driver == "remote" and status != "running":
        sentence, remedy = f"the builder {builder} does not answer", "start it where it runs"
        where = told.get("Endpoint", "")
        fault = Fault("engine-unreachable", sentence, "unreachable", (where,), remedy=remedy)
    else:
        return Checked("builder", "ok", f"{builder} ({driver}, {status})")
    return Checked("builder", "failed", fault.sentence, fault)
