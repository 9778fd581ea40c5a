"""Naming: what an app is called, by its manifest or else by its folder. Pure."""

from collections.abc import Iterator

from tui.config.labels import dns_label
from tui.model.frozen import frozen
from tui.scaffold.manifests import project_names
from tui.scaffold.tree import Tree


@frozen
class Name:
    """A name for the app, and why it is that."""

    label: str
    """A DNS label that a Helm release can have, too."""
    why: str = ""
    """A sentence; empty where the folder has just that name."""


def name_of(tree: Tree, folder: str, evidence: frozenset[str]) -> Name:
    """Return what the app is called; of two manifests the one in the `evidence` for its pack.

    An npm scope says whose a package is, not what it is.
    """
    named = sorted(_usable(tree), key=lambda one: one[0] not in evidence)
    for path, name in named:
        label = dns_label(name.rpartition("/")[2])
        return Name(label, f"{path} names it {name!r}: the app is called {label}")
    label = dns_label(folder)
    if label == folder:
        return Name(label)
    return Name(label, f"the folder's name {folder!r} is no DNS label: the app is called {label}")


def _usable(tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield manifests with the names that they give, where a label can be made of these."""
    for path, name in project_names(tree).items():
        if any(char.isascii() and char.isalnum() for char in name.rpartition("/")[2]):
            yield path, name
