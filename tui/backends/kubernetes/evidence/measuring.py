"""Measuring: how much memory a container uses, asked of whoever may be asked.

The metrics API tells it of one pod (`metrics.k8s.io`, where a metrics server runs), some seconds
old. The kubelet tells it of all pods of its node through the API's proxy, fresher, to those who may
`get nodes/proxy`. Both are optional. Either tells the present incarnation only, so that a measure
counts for an incarnation by its time alone. Both tell the working set, which is what the kubelet
itself judges by.
"""

from typing import Any

from tui.backends.kubernetes.evidence.wanting import UseWanted
from tui.backends.kubernetes.picture.reading import moment, part, parts, quantity, text
from tui.backends.kubernetes.rights import NODES_PROXY, POD_METRICS
from tui.clients.kube.rights import Right
from tui.clients.kube.session import KubeSession
from tui.model.faults import FaultError
from tui.model.rollouts import MemoryUse

METRICS = "/apis/metrics.k8s.io/v1beta1"
METRICS_API = "the metrics API"
NO_METRICS_API = "there is no metrics API"
SUMMARY = "/api/v1/nodes/{}/proxy/stats/summary"
KUBELET = "the kubelet"


async def measure(session: KubeSession, namespace: str, wanted: UseWanted) -> MemoryUse:
    """Return what is known of an incarnation's use, or why nothing is.

    `by` of an unknown use names who may know it later; it is empty where nobody does.
    """
    missing, by = [], ""
    for source in (_by_metrics_api, _by_kubelet):
        told = await source(session, namespace, wanted)
        if told.used and wanted.includes(told.measured):
            return told
        by = by or told.by
        missing.append(told.unknown or f"{told.by} did not measure it before it ended")
    return MemoryUse(by=by, unknown=", and ".join(missing))


async def _by_metrics_api(session: KubeSession, namespace: str, wanted: UseWanted) -> MemoryUse:
    try:
        told = await session.get(f"{METRICS}/namespaces/{namespace}/pods/{wanted.pod}")
    except FaultError as error:
        if error.fault.code == "api-not-found" and not await serves_metrics(session):
            return MemoryUse(unknown=NO_METRICS_API)
        return _unknown(error, METRICS_API, POD_METRICS)
    return use_in_metrics(told, wanted.container)


async def serves_metrics(session: KubeSession) -> bool:
    """Whether the cluster has the metrics API."""
    try:
        await session.get(METRICS)
    except FaultError:
        return False
    return True


async def _by_kubelet(session: KubeSession, namespace: str, wanted: UseWanted) -> MemoryUse:
    try:
        told = await session.get(SUMMARY.format(wanted.node), {"only_cpu_and_memory": "true"})
    except FaultError as error:
        return _unknown(error, KUBELET, NODES_PROXY)
    return use_in_summary(told, namespace, wanted.pod, wanted.container)


def use_in_metrics(told: dict[str, Any], container: str) -> MemoryUse:
    """Read a `PodMetrics` of metrics.k8s.io/v1beta1."""
    for one in parts(told, "containers"):
        if text(one, "name") == container:
            used = quantity(text(one, "usage", "memory"))
            return MemoryUse(used, moment(told, "timestamp"), METRICS_API)
    return MemoryUse(by=METRICS_API)


def use_in_summary(told: dict[str, Any], namespace: str, pod: str, container: str) -> MemoryUse:
    """Read a kubelet's `Summary` (k8s.io/kubelet, pkg/apis/stats/v1alpha1)."""
    for one in parts(told, "pods"):
        called = (text(one, "podRef", "namespace"), text(one, "podRef", "name"))
        for inside in parts(one, "containers") if called == (namespace, pod) else ():
            if text(inside, "name") == container:
                memory = part(inside, "memory")
                used = memory.get("workingSetBytes")
                known = used if isinstance(used, int) else 0
                return MemoryUse(known, moment(memory, "time"), KUBELET)
    return MemoryUse(by=KUBELET)


def _unknown(error: FaultError, by: str, right: Right) -> MemoryUse:
    if error.fault.code == "api-forbidden":
        return MemoryUse(unknown=f"`{right}` is not allowed")
    if error.fault.code == "api-not-found":
        return MemoryUse(by=by)
    return MemoryUse(by=by, unknown=f"{by} does not answer")
