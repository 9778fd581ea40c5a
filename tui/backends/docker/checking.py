"""Checking: whether the docker backend can build and run this project."""

import socket
from pathlib import Path

from tui.backends.docker.standing import elsewhere, is_here
from tui.clients.docker.building import usable_buildx
from tui.clients.docker.engine import Engine
from tui.config.environment import Environment
from tui.model.faults import Fault, FaultError
from tui.ports.backend import Checked


async def check_engine(engine: Engine) -> tuple[Checked, ...]:
    """Look whether the engine answers, where it is and what builds; raises nothing."""
    try:
        about = await engine.about()
        buildx = await usable_buildx(engine)
    except FaultError as error:
        return (Checked("docker", "failed", error.fault.sentence, error.fault),)
    detail = f"{about.version} (API {about.api}, {about.platform}) at {engine.endpoint.host}"
    builder = Checked("buildx", "ok", buildx)
    if not buildx:
        fault = Fault(
            "buildx-missing", "docker buildx is not there", remedy="install docker-buildx"
        )
        builder = Checked("buildx", "warning", "not there: the engine's own builder is used", fault)
    if is_here(engine.endpoint):
        return (Checked("docker", "ok", detail), builder)
    fault = elsewhere(engine.endpoint)
    return (Checked("docker", "failed", fault.sentence, fault), builder)


def check_project(project: Path, environment: Environment, *, running: bool) -> tuple[Checked, ...]:
    """Look at the Dockerfile and the port. Blocking, raises nothing."""
    checked = [_dockerfile(project, environment.dockerfile)]
    if environment.port and not running:
        checked.append(_port(environment.port))
    return tuple(checked)


def _dockerfile(project: Path, name: str) -> Checked:
    if (project / name).is_file():
        return Checked("Dockerfile", "ok", name)
    fault = Fault(
        "dockerfile-missing",
        f"there is no {name} in the project",
        "usage",
        place=name,
        remedy="write one with `redraft create`, or name yours: `dockerfile` in draft.toml",
    )
    return Checked("Dockerfile", "failed", fault.sentence, fault)


def _port(port: int) -> Checked:
    with socket.socket() as asked:
        if asked.connect_ex(("127.0.0.1", port)):
            return Checked("port", "ok", f"{port} is free")
    fault = Fault(
        "port-taken",
        f"something listens on port {port} already",
        kind="usage",
        remedy="choose another `port` in draft.toml, or stop what listens there",
    )
    return Checked("port", "failed", fault.sentence, fault)
