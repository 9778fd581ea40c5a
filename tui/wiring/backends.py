"""The choice of a backend by draft.toml; each is imported only when it is chosen."""

from tui.ports.backend import Backend
from tui.wiring.authoring import author_here
from tui.wiring.staying import Home


def backend_of(home: Home) -> Backend:
    """Return the backend that an environment names; raises FaultError."""
    match home.opened.backend:
        case "local":
            return _local(home)
        case "kubernetes":
            return _kubernetes(home)
        case "docker":
            return _docker(home)


def _local(home: Home) -> Backend:
    from tui.backends.local.backend import LocalBackend
    from tui.scaffold.looked_at import looked_at
    from tui.scaffold.recipes import local_recipe

    return LocalBackend(
        home.project,
        home.state,
        home.load,
        home.opened,
        lambda loaded: local_recipe(home.project, loaded),
        lambda loaded: looked_at(home.project.resolve(), loaded),
    )


def _docker(home: Home) -> Backend:
    from tui.backends.docker.backend import DockerBackend

    return DockerBackend(home.project, home.state, home.load, home.opened)


def _kubernetes(home: Home) -> Backend:
    from tui.backends.kubernetes.backend import KubernetesBackend
    from tui.backends.kubernetes.leasing import Holder

    author, state = author_here(), home.state
    holder = Holder(author.user, author.host, f"{state.parent.name}/{state.name}")
    return KubernetesBackend(home.project, state, home.load, home.place, holder)
