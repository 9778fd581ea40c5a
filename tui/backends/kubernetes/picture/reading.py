"""Reading raw objects: fields that may be missing or null, moments, quantities. Pure.

Decoded JSON is asked for `dict` and not for `Mapping`, whose check takes four times as long.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tui.backends.kubernetes.objects import RawObject

NOTHING: RawObject = {}
UNITS = {
    "": 1,
    "k": 10**3,
    "M": 10**6,
    "G": 10**9,
    "T": 10**12,
    "Ki": 2**10,
    "Mi": 2**20,
    "Gi": 2**30,
    "Ti": 2**40,
}
QUANTITY = re.compile(r"(\d+(?:\.\d+)?)(k|[MGT]|[KMGT]i|)")
"""What memory limits are written as; `m` and exponents are legal, yet nobody limits memory so."""
DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")
"""A part of Go's durations, such as `1m20s`."""
SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def field(raw: Any, *path: str) -> Any:
    """Return what stands below these keys, None when any of them is missing."""
    for key in path:
        if not isinstance(raw, dict):
            return None
        raw = raw.get(key)
    return raw


def part(raw: RawObject, *path: str) -> RawObject:
    """Return the object below these keys, an empty one when there is none."""
    found = field(raw, *path)
    return found if isinstance(found, dict) else NOTHING


def parts(raw: RawObject, *path: str) -> list[RawObject]:
    """Return the list of objects below these keys."""
    found = field(raw, *path)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def texts(raw: RawObject, *path: str) -> tuple[str, ...]:
    """Return the list of texts below these keys."""
    found = field(raw, *path)
    return tuple(str(one) for one in found) if isinstance(found, Sequence) else ()


def text(raw: RawObject, *path: str) -> str:
    """Return the text below these keys, empty when there is none."""
    found = field(raw, *path)
    return "" if found is None else str(found)


def number(raw: RawObject, *path: str, default: int = 0) -> int:
    """Return the whole number below these keys."""
    found = field(raw, *path)
    return found if isinstance(found, int) else default


def labels(raw: RawObject) -> Mapping[str, str]:
    """Return the object's labels."""
    return part(raw, "metadata", "labels")


def name(raw: RawObject) -> str:
    """Return the object's name."""
    return text(raw, "metadata", "name")


def uid(raw: RawObject) -> str:
    """Return the object's uid."""
    return text(raw, "metadata", "uid")


def moment(raw: RawObject, *path: str) -> float:
    """Return a moment as Unix time, 0 when it is not told."""
    try:
        return datetime.fromisoformat(text(raw, *path)).timestamp()
    except ValueError:
        return 0.0


def created(raw: RawObject) -> float:
    """Return when the object was made, Unix time."""
    return moment(raw, "metadata", "creationTimestamp")


def quantity(written: str) -> int:
    """Return a quantity of bytes such as `64Mi`, 0 when it is none."""
    match = QUANTITY.fullmatch(written)
    return int(float(match[1]) * UNITS[match[2]]) if match else 0


def duration(written: str) -> float:
    """Return Go's writing of a duration in seconds, such as 80 for `1m20s`."""
    return sum(float(count) * SECONDS[unit] for count, unit in DURATION.findall(written))


def condition(raw: RawObject, kind: str) -> RawObject:
    """Return the object's condition of this type, an empty one when it has none."""
    found = (c for c in parts(raw, "status", "conditions") if c.get("type") == kind)
    return next(found, NOTHING)


def holds(raw: RawObject, kind: str) -> bool:
    """Whether the condition of this type is `True`."""
    return condition(raw, kind).get("status") == "True"
