"""What going from one release to another changes in the cluster's objects. Pure.

Objects are compared leaf by leaf, and items of a list by their names where they have any, so that
one changed variable is one line. What a Secret holds, and what is named like a secret, is masked:
that it changed is told, but neither from what nor to what.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tui.backends.kubernetes.objects import RawObject
from tui.backends.masking import masked
from tui.model.images import SettingDifference
from tui.model.masking import MASK, looks_secret

SECRET_PARTS = ("data", "stringData")
OURS = "redraft.dev/"
LONGEST = 200
"""Characters of a value that are shown."""


def objects_difference(
    old: Sequence[RawObject], new: Sequence[RawObject]
) -> tuple[SettingDifference, ...]:
    """Return the leaves that differ, object by object."""
    before, after = leaves(old), leaves(new)
    return tuple(
        SettingDifference(
            f"{thing} {path}" if path else thing,
            _shown(thing, path, before.get((thing, path))),
            _shown(thing, path, after.get((thing, path))),
        )
        for thing, path in sorted(before.keys() | after.keys())
        if before.get((thing, path)) != after.get((thing, path))
    )


def leaves(objects: Sequence[RawObject]) -> dict[tuple[str, str], str]:
    """Return every plain value by its object (`Deployment greeter`) and its path in it."""
    found: dict[tuple[str, str], str] = {}
    for obj in objects:
        thing = f"{obj['kind']} {obj['metadata']['name']}"
        found[thing, ""] = "present"
        found |= {(thing, path): value for path, value in _walk("", obj) if _counts(path)}
    return found


def _walk(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(f"{path}.{key}" if path else str(key), item)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _walk(f"{path}[{_name(item, number)}]", item)
    else:
        yield path, str(value)


def _name(item: Any, number: int) -> str:
    named = item.get("name") if isinstance(item, Mapping) else None
    return named if isinstance(named, str) else str(number)


def _counts(path: str) -> bool:
    """Whether a leaf tells anything besides the name and our own marks."""
    return path not in {"kind", "metadata.name"} and OURS not in path


def _shown(thing: str, path: str, value: str | None) -> str:
    if value is None:
        return ""
    if thing.startswith("Secret ") and path.startswith(SECRET_PARTS):
        return MASK
    return masked(_telling_name(path), value)[:LONGEST]


def _telling_name(path: str) -> str:
    """Return the name by which a value looks secret: of a variable, or of a ConfigMap's key."""
    for part in ("env[", "data."):
        _, found, rest = path.partition(part)
        if found and looks_secret(rest):
            return rest
    return ""
