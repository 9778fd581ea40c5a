"""The namespace: there, made when asked for, or told to be missing."""

from typing import TYPE_CHECKING

from tui.backends.kubernetes.cluster import Cluster
from tui.clients.kube.terminating import namespace_terminating
from tui.model.faults import Fault, FaultError

if TYPE_CHECKING:
    from tui.clients.kube.session import KubeSession


async def ensure_namespace(cluster: Cluster, *, create: bool) -> bool:
    """See that the namespace is there; return whether it was made. Raises FaultError."""
    session = await cluster.session()
    name = cluster.namespace
    if await has_namespace(session, name):
        return False
    if not create:
        raise FaultError(namespace_missing(name))
    metadata = {"name": name, "labels": {"app.kubernetes.io/managed-by": "redraft"}}
    body = {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
    try:
        await session.post("/api/v1/namespaces", body=body)
    except FaultError as error:
        if error.fault.code != "api-exists":  # another redraft was faster
            raise
        return False
    return True


async def has_namespace(session: "KubeSession", name: str) -> bool:
    """Whether the namespace is there; raises FaultError, also for one that is being deleted.

    Who may not look at namespaces is let go on: what is wrong will be told by what comes next.
    """
    try:
        found = await session.get(f"/api/v1/namespaces/{name}")
    except FaultError as error:
        if error.fault.code == "api-forbidden":
            return True
        if error.fault.code == "api-not-found":
            return False
        raise
    if found.get("status", {}).get("phase") == "Terminating":
        raise FaultError(namespace_terminating(name))
    return True


def namespace_missing(name: str) -> Fault:
    """Return the fault of a namespace that is not there and is not to be made."""
    return Fault(
        "namespace-missing",
        f"the cluster has no namespace {name}",
        kind="usage",
        place="draft.toml",
        remedy=f"set `create-namespace = true`, or run `kubectl create namespace {name}`",
    )
