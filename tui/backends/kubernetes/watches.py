"""Watches: the objects of one namespace that a rollout is told from, joined into one moment."""

import asyncio
from collections.abc import Callable, Collection

from tui.backends.kubernetes.objects import Objects
from tui.clients.kube.resources import Resource
from tui.clients.kube.session import KubeSession
from tui.clients.kube.watching import NOT_FOR_US, Watch, Watched

WATCHED = (
    Resource("apps/v1", "Deployment", "deployments", namespaced=True),
    Resource("apps/v1", "StatefulSet", "statefulsets", namespaced=True),
    Resource("apps/v1", "DaemonSet", "daemonsets", namespaced=True),
    Resource("batch/v1", "Job", "jobs", namespaced=True),
    Resource("apps/v1", "ReplicaSet", "replicasets", namespaced=True),
    Resource("apps/v1", "ControllerRevision", "controllerrevisions", namespaced=True),
    Resource("v1", "Pod", "pods", namespaced=True),
    Resource("v1", "Event", "events", namespaced=True),
    Resource("v1", "Service", "services", namespaced=True),
    Resource("v1", "Endpoints", "endpoints", namespaced=True),
    Resource("networking.k8s.io/v1", "Ingress", "ingresses", namespaced=True),
    Resource("v1", "PersistentVolumeClaim", "persistentvolumeclaims", namespaced=True),
)
"""Kinds that every cluster since 1.19 serves in these versions, without discovery."""
EVERY = frozenset(one.kind for one in WATCHED)
QUERIES = {"Event": {"fieldSelector": "type=Warning"}}
"""Of the events only the warnings: the others are many and tell nothing that the objects do not."""


class Watches:
    """Watches a namespace; `changed` is called after each change of what is known."""

    def __init__(
        self,
        session: KubeSession,
        namespace: str,
        changed: Callable[[], None],
        kinds: Collection[str] = EVERY,
    ) -> None:
        self._watches = {
            one.kind: Watch(session, one.path(namespace), changed, QUERIES.get(one.kind))
            for one in WATCHED
            if one.kind in kinds
        }

    async def run(self) -> None:
        """Watch until cancelled."""
        async with asyncio.TaskGroup() as group:
            for watch in self._watches.values():
                group.create_task(watch.run())

    def look_again(self) -> None:
        """Try at once what could not be watched for want of the right."""
        for watch in self._watches.values():
            watch.look_again()

    @property
    def begun(self) -> bool:
        """Whether every kind was listed once, or will not be for want of the right."""
        return all(_settled(watch.now) for watch in self._watches.values())

    @property
    def now(self) -> Objects:
        """What is known now."""
        seen = {kind: watch.now for kind, watch in self._watches.items()}
        lost = [one for one in seen.values() if one.lost_since and not _denied(one)]
        first = min(lost, key=lambda one: one.lost_since, default=Watched())
        return Objects(
            {kind: one.objects for kind, one in seen.items() if one.listed and not _denied(one)},
            first.lost_since,
            first.fault,
        )


def _settled(watched: Watched) -> bool:
    return watched.listed or _denied(watched)


def _denied(watched: Watched) -> bool:
    return watched.fault is not None and watched.fault.code in NOT_FOR_US
