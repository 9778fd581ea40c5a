"""The choice of a backend by draft.toml; each is imported only when it is chosen."""

from pathlib import Path

from tui.config.draft_toml import load_environment
from tui.config.environment import Environment
from tui.model.faults import Fault, FaultError
from tui.ports.backend import Backend, LoadEnvironment
from tui.wiring.places import state_folder


def backend_of(project: Path, environment: Environment) -> Backend:
    """Return the backend that an environment names; raises FaultError."""
    name = environment.environment
    state = state_folder(project, name)

    def load() -> Environment:
        return load_environment(project, name)

    match environment.backend:
        case "local":
            return _local(project, state, load)
        case "docker" | "kubernetes":
            raise FaultError(_missing(environment))


def _local(project: Path, state: Path, load: LoadEnvironment) -> Backend:
    from tui.backends.local.backend import LocalBackend
    from tui.scaffold.recipes import local_recipe

    return LocalBackend(project, state, load, lambda loaded: local_recipe(project, loaded))


def _missing(environment: Environment) -> Fault:
    return Fault(
        "backend-missing",
        f"this version of redraft cannot run the {environment.backend} backend yet",
        kind="usage",
        place="draft.toml",
        remedy=f'set backend = "local" in [environments.{environment.environment}]',
    )
