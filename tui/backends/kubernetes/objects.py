"""What a release consists of, as the API tells it: raw objects, neither judged nor trimmed."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from tui.model.faults import Fault
from tui.model.frozen import frozen

RawObject = Mapping[str, Any]
"""One object as decoded from the API's JSON."""


@frozen
class Objects:
    """A level-triggered picture of the API; each one replaces the one before."""

    by_kind: Mapping[str, Mapping[str, RawObject]] = field(default_factory=dict)
    """Kind (`Deployment`, `Pod`, `Event`) to uid to object. A kind that cannot be watched, for want
    of the right or of the API, is missing; one of which there is no object is an empty mapping.
    """
    lost_since: float = 0.0
    """Unix time since when the API is out of reach and this picture may be stale; 0 while it is
    in reach.
    """
    lost_to: Fault | None = None
    """Why it is out of reach."""

    def of(self, kind: str) -> tuple[RawObject, ...]:
        """Return the objects of a kind, in no particular order."""
        return tuple(self.by_kind.get(kind, {}).values())


def version_of(one: RawObject | None) -> str:
    """Return the resourceVersion, which every write changes; empty where there is no object."""
    return str(one["metadata"]["resourceVersion"]) if one else ""
