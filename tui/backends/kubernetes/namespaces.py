"""The namespace: there, made when asked for, or told to be missing."""

from tui.backends.kubernetes.cluster import Cluster
from tui.model.faults import Fault, FaultError


async def ensure_namespace(cluster: Cluster, *, create: bool) -> bool:
    """See that the namespace is there; return whether it was made. Raises FaultError.

    Who may not look at namespaces is let go on: what is wrong will be told by what comes next.
    """
    session = await cluster.session()
    name = cluster.namespace
    try:
        found = await session.get(f"/api/v1/namespaces/{name}")
    except FaultError as error:
        if error.fault.code == "api-forbidden":
            return False
        if error.fault.code != "api-not-found":
            raise
    else:
        if found.get("status", {}).get("phase") == "Terminating":
            raise FaultError(_going(name))
        return False
    if not create:
        raise FaultError(_missing(name))
    metadata = {"name": name, "labels": {"app.kubernetes.io/managed-by": "redraft"}}
    body = {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
    await session.post("/api/v1/namespaces", body=body)
    return True


def _missing(name: str) -> Fault:
    return Fault(
        "namespace-missing",
        f"the cluster has no namespace {name}",
        kind="usage",
        place="draft.toml",
        remedy=f"set `create-namespace = true`, or run `kubectl create namespace {name}`",
    )


def _going(name: str) -> Fault:
    return Fault(
        "namespace-terminating",
        f"the namespace {name} is being deleted",
        kind="unreachable",
        remedy="wait until it is gone and go again, or choose another `namespace`",
    )
