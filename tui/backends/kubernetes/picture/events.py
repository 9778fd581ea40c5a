"""Events: the cluster's warnings, by what they are about. Pure.

Equal events are counted by the API's clients: in `count` and `lastTimestamp`, or in `series` for
those written through events.k8s.io.
"""

from collections import defaultdict
from collections.abc import Mapping

from tui.backends.kubernetes.objects import Objects, RawObject
from tui.backends.kubernetes.picture.reading import field, moment, number, text
from tui.model.rollouts import WarningEvent

Warnings = Mapping[str, tuple[WarningEvent, ...]]
"""By uid of what they are about, oldest first."""


def warnings_by_uid(objects: Objects) -> Warnings:
    """Return all warning events."""
    found: dict[str, list[WarningEvent]] = defaultdict(list)
    for event in objects.of("Event"):
        if event.get("type") == "Warning":
            found[text(event, "involvedObject", "uid")].append(_warning(event))
    return {uid: tuple(sorted(ones, key=lambda one: one.last)) for uid, ones in found.items()}


def _warning(event: RawObject) -> WarningEvent:
    return WarningEvent(
        text(event, "reason"),
        text(event, "message").strip(),
        max(1, number(event, "count"), number(event, "series", "count")),
        _last(event),
        _container(text(event, "involvedObject", "fieldPath")),
    )


def _last(event: RawObject) -> float:
    paths = (("series", "lastObservedTime"), ("lastTimestamp",), ("eventTime",))
    told = next((path for path in paths if field(event, *path)), ("metadata", "creationTimestamp"))
    return moment(event, *told)


def _container(path: str) -> str:
    """Return the container's name in a field path such as `spec.containers{app}`."""
    _, brace, rest = path.partition("{")
    return rest.rstrip("}") if brace else ""
