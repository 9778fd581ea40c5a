"""The choice of a backend by draft.toml; each is imported only when it is chosen."""

from pathlib import Path

from tui.config.draft_toml import load_environment
from tui.config.environment import Environment
from tui.ports.backend import Backend, LoadEnvironment
from tui.wiring.authoring import author_here
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
        case "kubernetes":
            return _kubernetes(project, state, load)
        case "docker":
            return _docker(project, state, load, environment)


def _local(project: Path, state: Path, load: LoadEnvironment) -> Backend:
    from tui.backends.local.backend import LocalBackend
    from tui.scaffold.looked_at import looked_at
    from tui.scaffold.recipes import local_recipe

    return LocalBackend(
        project,
        state,
        load,
        lambda loaded: local_recipe(project, loaded),
        lambda loaded: looked_at(project.resolve(), loaded),
    )


def _docker(project: Path, state: Path, load: LoadEnvironment, environment: Environment) -> Backend:
    from tui.backends.docker.backend import DockerBackend

    return DockerBackend(project, state, load, environment)


def _kubernetes(project: Path, state: Path, load: LoadEnvironment) -> Backend:
    from tui.backends.kubernetes.backend import KubernetesBackend
    from tui.backends.kubernetes.leasing import Holder
    from tui.backends.kubernetes.pinning import place_of, read_pin
    from tui.clients.kube.kubeconfig import find_kubeconfig, read_kubeconfig

    place = place_of(load(), read_pin(state), read_kubeconfig(find_kubeconfig()))
    author = author_here()
    holder = Holder(author.user, author.host, f"{state.parent.name}/{state.name}")
    return KubernetesBackend(project, state, load, place, holder)
