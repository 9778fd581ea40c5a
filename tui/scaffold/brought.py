"""Brought: what a project is deployed to a cluster by already, a chart or manifests."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from tui.model.frozen import frozen
from tui.scaffold.rendering import is_ours
from tui.scaffold.tree import Tree

CHART = "Chart.yaml"
LIBRARY = re.compile(r"^type:\s*library\b", re.MULTILINE)
WORKLOAD = re.compile(
    r"^(?:- | {2})?kind: *[\"']?(?:Deployment|StatefulSet|DaemonSet)\b", re.MULTILINE
)
OBJECT = re.compile(
    r"^apiVersion:.*\n(?:.*\n)*?kind:|^kind:.*\n(?:.*\n)*?apiVersion:", re.MULTILINE
)
TEMPLATE = "{{"


@frozen
class Brought:
    """What is there; paths as draft.toml takes them."""

    chart: str = ""
    """A chart's folder outside of charts/, where redraft looks by itself."""
    manifests: tuple[str, ...] = ()
    """A folder, or files where others lie among them."""


def brought_by(tree: Tree) -> Brought:
    """Return what the user's own files would deploy the project by, the shallowest first."""
    charts = tuple(_charts(tree))
    manifests = [
        path for path in _yaml(tree) if not _below(path, charts) and _is_object(tree, path)
    ]
    own = (path for path in charts if not _below(path, set(charts) - {path}))
    application = (path for path in own if not LIBRARY.search(tree.text(f"{path}/{CHART}")))
    return Brought(next(application, ""), _entries(tree, manifests))


def runs(tree: Tree, brought: Brought, images: Iterable[str]) -> bool:
    """Whether a container in the manifests names one of these images, with any tag or digest."""
    named = "|".join(map(re.escape, images))
    pattern = re.compile(rf"^[ -]*image: *[\"']?(?:{named})(?:[:@\"'\s]|$)", re.MULTILINE)
    return any(
        pattern.search(tree.text(path))
        for path in _yaml(tree)
        if path in brought.manifests or _below(path, brought.manifests)
    )


def _charts(tree: Tree) -> Iterator[str]:
    for path in tree.files:
        folder, _, name = path.rpartition("/")
        if folder and name == CHART and not is_ours(tree.text(path)):
            yield folder


def _yaml(tree: Tree) -> Iterator[str]:
    return (path for path in tree.files if PurePosixPath(path).suffix in {".yaml", ".yml"})


def _is_object(tree: Tree, path: str) -> bool:
    """Whether a file seems to hold objects of a cluster, and is the user's own."""
    text = tree.text(path)
    return bool(OBJECT.search(text)) and TEMPLATE not in text and not is_ours(text)


def _entries(tree: Tree, manifests: list[str]) -> tuple[str, ...]:
    """Return the first folder with a workload, or its files where not all below it are objects."""
    workloads = [path for path in manifests if WORKLOAD.search(tree.text(path))]
    if not workloads:
        return ()
    folder = workloads[0].rpartition("/")[0]
    beside = tuple(
        path
        for path in manifests
        if path.rpartition("/")[0] == folder and not _is_kustomization(path)
    )
    whole = bool(folder) and {path for path in _yaml(tree) if _below(path, {folder})} == set(beside)
    return (folder,) if whole else beside


def _is_kustomization(path: str) -> bool:
    return PurePosixPath(path).stem.lower() == "kustomization"


def _below(path: str, folders: Iterable[str]) -> bool:
    return any(path.startswith(f"{folder}/") for folder in folders)
