"""How the newest release stands: lists of its namespace, taken again and again."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping, Sequence

from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.ledger import Ledger
from tui.backends.kubernetes.objects import Objects, RawObject
from tui.backends.kubernetes.picture import picture
from tui.backends.kubernetes.picture.wanted import Wanted, template_hashes
from tui.backends.kubernetes.records import Record
from tui.model.rollouts import Rollout

LOOK = 0.5
KINDS: Mapping[str, str] = {
    "Deployment": "/apis/apps/v1/namespaces/{}/deployments",
    "StatefulSet": "/apis/apps/v1/namespaces/{}/statefulsets",
    "DaemonSet": "/apis/apps/v1/namespaces/{}/daemonsets",
    "ReplicaSet": "/apis/apps/v1/namespaces/{}/replicasets",
    "ControllerRevision": "/apis/apps/v1/namespaces/{}/controllerrevisions",
    "Job": "/apis/batch/v1/namespaces/{}/jobs",
    "Pod": "/api/v1/namespaces/{}/pods",
    "Service": "/api/v1/namespaces/{}/services",
    "Event": "/api/v1/namespaces/{}/events",
}


class Standing:
    """Looks at the namespace for what was released last."""

    def __init__(self, cluster: Cluster, ledger: Ledger) -> None:
        self._cluster = cluster
        self._ledger = ledger
        self._known = False
        self._wanted = Wanted(0, frozenset())
        self._changed = asyncio.Event()
        self._objects = Objects()

    def release(self, records: Sequence[Record]) -> None:
        """Take the newest of these for what is wanted."""
        self._known = True
        self._wanted = wanted_of(records)
        self._changed.set()

    def hashes(self) -> tuple[str, ...]:
        """Return what the wanted pods bear as a label."""
        return template_hashes(self._objects, self._wanted)

    async def observe(self) -> AsyncIterator[Rollout]:
        """Yield how it stands, until cancelled."""
        if not self._known:
            self.release(await self._ledger.records())
        while True:
            self._changed.clear()
            self._objects = await self._list()
            yield picture(self._objects, self._wanted)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), LOOK)

    async def _list(self) -> Objects:
        session = await self._cluster.session()
        by_kind: dict[str, dict[str, RawObject]] = {}
        for kind, path in KINDS.items():
            listed = await session.get(path.format(self._cluster.namespace))
            by_kind[kind] = {one["metadata"]["uid"]: one for one in listed["items"]}
        return Objects(by_kind)


def wanted_of(records: Sequence[Record]) -> Wanted:
    """Return the newest record as the picture wants to know it."""
    if not records or records[-1].deleted:
        return Wanted(0, frozenset())
    newest = records[-1]
    release = newest.release
    return Wanted(
        release.revision,
        frozenset((ref.kind, ref.name) for ref in newest.objects),
        {(mark.kind, mark.name): mark.generation for mark in newest.marks},
        {one: record.release.revision for record in records for one in record.hashes},
        release.started,
        (release.started or time.time()) + release.spec.deadline,
    )
