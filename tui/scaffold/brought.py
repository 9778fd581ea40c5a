"""Brought: what a project is deployed to a cluster by already, a chart or manifests."""

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath

from tui.config.manifests import manifests_at
from tui.model.frozen import frozen
from tui.scaffold.objects import holds_json_objects, holds_objects
from tui.scaffold.rendering import is_ours
from tui.scaffold.tree import Tree

CHART = "Chart.yaml"
LIBRARY = re.compile(r"^type:\s*library\b", re.MULTILINE)
WORKLOAD = re.compile(
    r"^(?:- | {2})?kind: *[\"']?(?:Deployment|StatefulSet|DaemonSet)\b", re.MULTILINE
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
    text = "" if _is_kustomization(path) else tree.text(path)
    return holds_objects(text) and TEMPLATE not in text and not is_ours(text)


def _entries(tree: Tree, manifests: list[str]) -> tuple[str, ...]:
    """Return the first folder with a workload, or its files where it holds others, too.

    Of a folder all is applied that lies in it or below, at any depth and in hidden folders as well.
    """
    workloads = [path for path in manifests if WORKLOAD.search(tree.text(path))]
    if not workloads:
        return ()
    folder = workloads[0].rpartition("/")[0]
    beside = tuple(
        path
        for path in tree.files
        if path.rpartition("/")[0] == folder and (path in manifests or _is_json(tree, path))
    )
    return (folder,) if folder and _is_all(tree, folder, beside) else beside


def _is_all(tree: Tree, folder: str, files: Collection[str]) -> bool:
    """Whether these are all files that `manifests` would take of a folder."""
    found = manifests_at(tree.project, folder)
    return all(path.relative_to(tree.project).as_posix() in files for path in found)


def _is_json(tree: Tree, path: str) -> bool:
    return path.endswith(".json") and holds_json_objects(tree.text(path))


def _is_kustomization(path: str) -> bool:
    return PurePosixPath(path).stem.lower() == "kustomization"


def _below(path: str, folders: Iterable[str]) -> bool:
    return any(path.startswith(f"{folder}/") for folder in folders)
