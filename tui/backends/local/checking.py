"""Checking: whether the local backend can build and run this project."""

import shutil
from collections.abc import Callable
from pathlib import Path

from tui.backends.stable_ports import check_port
from tui.config.environment import Environment
from tui.model.faults import Fault, FaultError
from tui.model.recipes import LocalRecipe
from tui.ports.backend import Checked, LoadEnvironment
from tui.supervisor.places import private_folder, socket_path

NO_SYNC = "not used here, where a new revision starts as fast: its rules are for containers"


def check_local(
    load: LoadEnvironment,
    recipe: Callable[[Environment], LocalRecipe],
    state: Path,
    *,
    running: bool,
) -> tuple[Checked, ...]:
    """Look at everything the verbs need. Blocking, raises nothing."""
    checked = [_supervisor(state, running=running)]
    try:
        environment = load()
        found = recipe(environment)
    except FaultError as error:
        return (*checked, Checked("recipe", "failed", error.fault.sentence, error.fault))
    checked.append(Checked("recipe", "ok", f"{found.pack}: {' '.join(found.command)}"))
    checked += [_program(step.command[0], step.name) for step in found.steps]
    if environment.port and not running:
        checked.append(check_port(environment.port))
    if environment.sync:
        checked.append(Checked("sync", "ok", NO_SYNC))
    return tuple(checked)


def _supervisor(state: Path, *, running: bool) -> Checked:
    try:
        private_folder(socket_path(state).parent)
    except FaultError as error:
        return Checked("supervisor", "failed", error.fault.sentence, error.fault)
    return Checked("supervisor", "ok", "running" if running else "not running; `up` starts it")


def _program(program: str, step: str) -> Checked:
    """Look for a step's program; one inside a placeholder's folder comes with the build."""
    if "{" in program or shutil.which(program):
        return Checked(program, "ok", f"for the step `{step}`")
    fault = Fault("program-missing", f"{program} is not installed", remedy=f"install {program}")
    return Checked(program, "failed", f"not found, needed by the step `{step}`", fault)
