"""Loading an image into a local cluster's nodes, by the program that made the cluster.

The cluster is told by the kube context's name, which each of them gives: `kind-NAME`, `k3d-NAME`,
and minikube's profile, whose default is `minikube`.
"""

import shutil
from collections.abc import Mapping

from tui.model.faults import Fault
from tui.model.frozen import frozen


@frozen
class Loader:
    """A program that loads images, and how it is called."""

    program: str
    argv: tuple[str, ...]


def loader_for(context_name: str, reference: str) -> Loader | None:
    """Return how an image is loaded into the cluster of a context; None where it cannot be."""
    kind, _, cluster = context_name.partition("-")
    match kind:
        case "kind" if cluster:
            return _loader("kind", "load", "docker-image", reference, "--name", cluster)
        case "k3d" if cluster:
            return _loader("k3d", "image", "import", reference, "--cluster", cluster)
        case "minikube":
            return _loader("minikube", "image", "load", reference, "--profile", context_name)
    return None


def find_loader(loader: Loader, environ: Mapping[str, str]) -> Loader | None:
    """Return the loader with its program's path; None where it is not installed."""
    path = shutil.which(loader.program, path=environ.get("PATH"))
    return Loader(loader.program, (path, *loader.argv[1:])) if path else None


def loader_missing(loader: Loader, context_name: str) -> Fault:
    """Return the fault of a loader that is not installed."""
    return Fault(
        "loader-missing",
        f"{loader.program} is not installed, and images reach {context_name} by it alone",
        "usage",
        remedy=f"install {loader.program}, or name a `registry` in draft.toml",
    )


def _loader(*argv: str) -> Loader:
    return Loader(argv[0], argv)
