"""Checking: whether the docker backend can build and run this project."""

from pathlib import Path

from tui.backends.docker.standing import elsewhere, is_here
from tui.backends.stable_ports import check_port
from tui.clients.docker.engine import Engine
from tui.config.environment import Environment
from tui.model.faults import Fault
from tui.ports.backend import Checked


def check_where(engine: Engine) -> Checked:
    """Look whether the engine is on this machine: containers are reached by their own addresses."""
    if is_here(engine.endpoint):
        return Checked("engine's place", "ok", "this machine")
    fault = elsewhere(engine.endpoint)
    return Checked("engine's place", "failed", fault.sentence, fault)


def check_project(project: Path, environment: Environment, *, running: bool) -> tuple[Checked, ...]:
    """Look at the Dockerfile and the port. Blocking, raises nothing."""
    checked = [_dockerfile(project, environment.dockerfile)]
    if environment.port and not running:
        checked.append(check_port(environment.port))
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
