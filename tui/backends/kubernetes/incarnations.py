"""Which logs of a pod's containers there are, read from the pod's status.

The kubelet counts restarts by the containers that it finds, and so begins anew where these were
removed with the pod's sandbox. Each container has an id of its own, which tells better.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tui.backends.kubernetes.picture.reading import moment, text
from tui.model.frozen import frozen

KINDS = ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")


@frozen
class Known:
    """The incarnation that a log is of, as it is kept with the position in it."""

    restart: int = 0
    """From 0."""
    container: str = ""
    """Its id; empty where that was not told."""


FIRST = Known()


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
    container: str = ""
    """Its container's id; empty where the API does not tell it."""
    container_before: str = ""
    """The same of the incarnation before it."""

    @property
    def known(self) -> Known:
        """What is kept of it."""
        return Known(self.restart, self.container)

    @property
    def oldest(self) -> int:
        """The oldest incarnation whose log the kubelet gives."""
        return self.restart if self.waits else max(self.restart - 1, 0)

    @property
    def oldest_known(self) -> Known:
        """What is kept of that one."""
        return (
            self.known if self.oldest == self.restart else Known(self.oldest, self.container_before)
        )

    @property
    def oldest_began(self) -> float:
        """When it began, in Unix time."""
        return self.started if self.waits else self.before

    def succeeds(self, known: Known) -> bool:
        """Whether it is another one of which the API does not tell how it follows on that one."""
        told = known.container and self.container
        return bool(told) and known.container not in {self.container, self.container_before}

    def counted_from(self, known: Known) -> "Incarnation":
        """Return it with the number that follows on an incarnation that is known."""
        if not known.container or not self.container:
            return self
        if known.container == self.container:
            return replace(self, restart=known.restart)
        if known.container == self.container_before:
            return replace(self, restart=known.restart + 1)
        between = bool(self.container_before)
        return replace(self, restart=max(self.restart, known.restart + between + 1))


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
    state, last = status.get("state", {}), ("lastState", "terminated")
    before, container_before = moment(status, *last, "startedAt"), _id(status, *last)
    for kind in ("running", "terminated"):
        if kind in state:
            started, own = moment(status, "state", kind, "startedAt"), _id(status)
            ended = kind == "terminated"
            return Incarnation(restart, ended, started, before, False, own, container_before)
    if "terminated" in status.get("lastState", {}):
        return Incarnation(restart, True, before, waits=True, container=container_before)
    return None


def _id(status: Mapping[str, Any], *path: str) -> str:
    """Return a container's id without its runtime's name, as short as engines print it."""
    return text(status, *path, "containerID").rpartition("/")[2][:12]
