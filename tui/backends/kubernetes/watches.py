"""Watches: the objects of one namespace that a rollout is told from, joined into one moment.

Whoever looks at the namespace does so through a view of the kinds it needs. A kind is watched once,
however many views are of it: from when the first is kept up to date until the last no longer is.
Begun again it is listed anew, so that a view never starts with what was true some time ago. Views
are only woken from a watch's task: what fails at looking is to end whoever looks, and nobody else.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

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


@dataclass(slots=True)
class Shared:
    """The watch of a kind, and the views that it is kept for."""

    watch: Watch
    task: asyncio.Task[NoReturn]
    views: "set[View]"


class Watches:
    """Watches one namespace for everybody who looks at it."""

    def __init__(self, session: KubeSession, namespace: str) -> None:
        self.session = session
        self.namespace = namespace
        self._shared: dict[str, Shared] = {}

    def view(self, changed: Callable[[], None], kinds: Collection[str] = EVERY) -> "View":
        """Return a view of some kinds; `changed` is called after each change, to wake somebody."""
        return View(self, changed, [one for one in WATCHED if one.kind in kinds])

    def join(self, view: "View", resource: Resource) -> "asyncio.Task[NoReturn]":
        """Have a kind watched for a view as well; the task ends only with a failure."""
        shared = self._shared.get(resource.kind)
        if shared is None or shared.task.done():
            shared = self._shared[resource.kind] = self._begin(resource)
        shared.views.add(view)
        return shared.task

    def leave(self, view: "View", resource: Resource) -> "asyncio.Task[NoReturn] | None":
        """Have a kind watched for a view no longer; the task, which is to end, if it was the last.

        That of a watch which failed may have been replaced by now for another view.
        """
        shared = self._shared.get(resource.kind)
        if shared is None or view not in shared.views:
            return None
        shared.views.remove(view)
        if shared.views:
            return None
        del self._shared[resource.kind]
        shared.task.cancel()
        return shared.task

    def now(self, kind: str) -> Watched:
        """Return what is known of a kind; nothing while it is not watched."""
        shared = self._shared.get(kind)
        return shared.watch.now if shared else Watched()

    def look_again(self, kind: str) -> None:
        """Try at once what could not be watched for want of the right."""
        if shared := self._shared.get(kind):
            shared.watch.look_again()

    def _begin(self, resource: Resource) -> Shared:
        views, path = set[View](), resource.path(self.namespace)
        watch = Watch(self.session, path, partial(_tell, views), QUERIES.get(resource.kind))
        return Shared(watch, asyncio.create_task(watch.run()), views)


class View:
    """What somebody sees of a namespace."""

    def __init__(
        self, watches: Watches, changed: Callable[[], None], resources: Collection[Resource]
    ) -> None:
        self.changed = changed
        self._watches = watches
        self.resources = resources

    async def run(self) -> None:
        """Keep it up to date until cancelled; raises what ends a watch."""
        tasks = [self._watches.join(self, one) for one in self.resources]
        self.changed()  # there may be something to be seen that was watched before
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                if task.done():
                    task.result()
        finally:
            left = [self._watches.leave(self, one) for one in self.resources]
            await asyncio.gather(*filter(None, left), return_exceptions=True)

    def look_again(self) -> None:
        """Try at once what could not be watched for want of the right."""
        for one in self.resources:
            self._watches.look_again(one.kind)

    @property
    def begun(self) -> bool:
        """Whether every kind was listed once, or will not be for want of the right."""
        return all(_settled(now) for now in self._seen.values())

    @property
    def now(self) -> Objects:
        """What is known now."""
        seen = self._seen
        lost = [one for one in seen.values() if one.lost_since and not _denied(one)]
        first = min(lost, key=lambda one: one.lost_since, default=Watched())
        return Objects(
            {kind: one.objects for kind, one in seen.items() if one.listed and not _denied(one)},
            first.lost_since,
            first.fault,
        )

    @property
    def _seen(self) -> dict[str, Watched]:
        return {one.kind: self._watches.now(one.kind) for one in self.resources}


def _tell(views: set[View]) -> None:
    for view in tuple(views):
        view.changed()


def _settled(watched: Watched) -> bool:
    return watched.listed or _denied(watched)


def _denied(watched: Watched) -> bool:
    return watched.fault is not None and watched.fault.code in NOT_FOR_US
