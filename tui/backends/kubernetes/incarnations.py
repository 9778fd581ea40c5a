"""Which logs of a pod's containers there are, read from the pod's status."""

from collections.abc import Mapping
from typing import Any

from tui.backends.kubernetes.picture.reading import moment
from tui.model.frozen import frozen

KINDS = ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")


@frozen
class Incarnation:
    """The present incarnation of a container: running, or the last one that ran."""

    restart: int
    """From 0."""
    ended: bool
    """Whether it ran and runs no more; while waiting for the next start this is the one before."""
    started: float = 0.0
    """Unix time in whole seconds, as the API tells it; 0 when it does not."""
    before: float = 0.0
    """The same of the incarnation before it."""
    waits: bool = False
    """Whether its next start is waited for: what the kubelet gives as previous is then this one."""

    @property
    def oldest(self) -> int:
        """The oldest incarnation whose log the kubelet gives."""
        return self.restart if self.waits else max(self.restart - 1, 0)

    @property
    def oldest_began(self) -> float:
        """When it began, in Unix time."""
        return self.started if self.waits else self.before


def incarnations(pod: Mapping[str, Any]) -> dict[str, Incarnation]:
    """Return the containers that have a log: all that ever ran, init and sidecar ones too."""
    status = pod.get("status", {})
    found = {}
    for kind in KINDS:
        for container in status.get(kind) or ():
            if incarnation := _incarnation(container):
                found[str(container["name"])] = incarnation
    return found


def _incarnation(status: Mapping[str, Any]) -> Incarnation | None:
    restart = int(status.get("restartCount", 0))
    state = status.get("state", {})
    before = moment(status, "lastState", "terminated", "startedAt")
    if "running" in state:
        started = moment(status, "state", "running", "startedAt")
        return Incarnation(restart, ended=False, started=started, before=before)
    if "terminated" in state:
        started = moment(status, "state", "terminated", "startedAt")
        return Incarnation(restart, ended=True, started=started, before=before)
    if "terminated" in status.get("lastState", {}):
        return Incarnation(restart, ended=True, started=before, waits=True)
    return None
