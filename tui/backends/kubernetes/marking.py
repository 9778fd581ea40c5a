"""Marking: how far each workload of a release has come, asked of the API."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace

from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.kept_revisions import kept_revisions
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.records import Mark, Ref
from tui.backends.kubernetes.templates import digest, template_digest
from tui.model.faults import FaultError

WORKLOADS: Mapping[str, str] = {
    "Deployment": "/apis/apps/v1/namespaces/{}/deployments/{}",
    "StatefulSet": "/apis/apps/v1/namespaces/{}/statefulsets/{}",
    "DaemonSet": "/apis/apps/v1/namespaces/{}/daemonsets/{}",
    "Job": "/apis/batch/v1/namespaces/{}/jobs/{}",
}


async def marks_of(cluster: Cluster, refs: Iterable[Ref]) -> tuple[Mark, ...]:
    """Return where the workloads among these objects stand; those gone are left out.

    So are those of other namespaces, which are not watched: their names may be the same.
    """
    namespace = cluster.namespace
    workloads = [ref for ref in refs if ref.kind in WORKLOADS and ref.namespace == namespace]
    found = await asyncio.gather(*(_object(cluster, ref) for ref in workloads))
    return tuple(mark_of(obj) for obj in found if obj is not None)


async def settled_marks(cluster: Cluster, marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return the marks with the revisions that the workloads gave what was asked of them."""
    return tuple([await _settled(cluster, mark) for mark in marks])


async def _settled(cluster: Cluster, mark: Mark) -> Mark:
    found = await _object(cluster, Ref("", mark.kind, cluster.namespace, mark.name))
    kept = await kept_revisions(cluster, mark.kind, found) if found else ()
    ours = [one for one in kept if digest(one.template) == mark.template] or kept
    return replace(mark, revision=ours[-1].revision) if ours else mark


def mark_of(workload: RawObject) -> Mark:
    """Return how far a workload has come, as its object tells."""
    metadata = workload["metadata"]
    return Mark(
        str(workload["kind"]),
        str(metadata["name"]),
        str(metadata.get("uid", "")),
        int(metadata.get("generation") or 0),
        template=template_digest(workload),
    )


async def _object(cluster: Cluster, ref: Ref) -> RawObject | None:
    session = await cluster.session()
    path = WORKLOADS[ref.kind].format(ref.namespace, ref.name)
    try:
        return {"kind": ref.kind, **await session.get(path)}
    except FaultError as error:
        if error.fault.code == "api-not-found":
            return None
        raise
