"""The shape of objects: all that a cluster's schema judges them by, and nothing else. Pure.

A schema names the fields that an object of a kind may and must have, and their types. Where each
object has the fields of one that it passed, with values of the same types, it passes it as well.
What a value may be beyond its type, such as a name's characters, the API server alone judges.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from tui.backends.kubernetes.objects import RawObject


def shaped_alike(objects: Iterable[RawObject], known: Iterable[RawObject]) -> bool:
    """Whether each of the objects has the shape of a known one of its kind."""
    shapes = {_shape_of(obj) for obj in known}
    return all(_shape_of(obj) in shapes for obj in objects)


def _shape_of(obj: RawObject) -> Hashable:
    return obj.get("apiVersion"), obj.get("kind"), _shape(obj)


def _shape(value: Any) -> Hashable:
    if isinstance(value, Mapping):
        return frozenset((key, _shape(one)) for key, one in value.items())
    if isinstance(value, list):
        return "list", frozenset(_shape(one) for one in value)
    return type(value).__name__
