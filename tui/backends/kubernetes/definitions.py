"""Definitions: kinds that some of the objects bring with them. Pure."""

from collections.abc import Iterable

from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.picture.reading import text

DEFINITION = "CustomResourceDefinition"
GroupKind = tuple[str, str]
"""API group, empty for the core group, and kind: `Service` is in several groups."""


def kind_of(obj: RawObject) -> GroupKind:
    """Return which kind an object is of, whatever version of it."""
    return str(obj["apiVersion"]).rpartition("/")[0], str(obj["kind"])


def defined_kinds(objects: Iterable[RawObject]) -> set[GroupKind]:
    """Return the kinds that definitions among the objects bring with them."""
    found = (obj for obj in objects if obj["kind"] == DEFINITION)
    return {(text(obj, "spec", "group"), text(obj, "spec", "names", "kind")) for obj in found}
