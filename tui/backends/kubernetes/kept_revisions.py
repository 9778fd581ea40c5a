"""The revisions that a workload keeps itself: ReplicaSets and ControllerRevisions."""

from typing import Any

from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.objects import RawObject
from tui.model.frozen import frozen

ANNOTATION = "deployment.kubernetes.io/revision"
TEMPLATE_HASH = "pod-template-hash"


@frozen
class KeptRevision:
    """One revision with the pod template it had."""

    number: int
    """Rises with time; going back gives the old template a new number."""
    revision: str
    """How the workload calls it: the number of a Deployment, the name of a ControllerRevision."""
    template: RawObject
    created: str
    """As the API writes times."""


async def kept_revisions(
    cluster: Cluster, kind: str, workload: RawObject
) -> tuple[KeptRevision, ...]:
    """Return what a workload keeps, oldest first; raises FaultError."""
    plural = {"Deployment": "replicasets", "Job": ""}.get(kind, "controllerrevisions")
    if not plural:
        return ()
    session = await cluster.session()
    path = f"/apis/apps/v1/namespaces/{cluster.namespace}/{plural}"
    listed = (await session.get(path)).get("items", ())
    owned = [one for one in listed if is_controlled_by(one, workload)]
    read = from_replica_set if kind == "Deployment" else from_controller_revision
    return tuple(sorted((read(one) for one in owned), key=lambda kept: kept.number))


def from_replica_set(replica_set: RawObject) -> KeptRevision:
    """Read a Deployment's revision; the hash is the controller's own and not of the template."""
    metadata = replica_set["metadata"]
    text = str((metadata.get("annotations") or {}).get(ANNOTATION, ""))
    template: dict[str, Any] = {**replica_set["spec"]["template"]}
    inner = {**template.get("metadata", {})}
    labels = {k: v for k, v in (inner.get("labels") or {}).items() if k != TEMPLATE_HASH}
    template["metadata"] = {**inner, "labels": labels}
    number = int(text) if text.isdecimal() else 0
    return KeptRevision(number, text, template, str(metadata.get("creationTimestamp", "")))


def from_controller_revision(revision: RawObject) -> KeptRevision:
    """Read a StatefulSet's or DaemonSet's revision: a patch that replaces the template."""
    metadata = revision["metadata"]
    kept = revision.get("data", {}).get("spec", {}).get("template", {})
    template = {key: value for key, value in kept.items() if key != "$patch"}
    number = int(revision.get("revision") or 0)
    created = str(metadata.get("creationTimestamp", ""))
    return KeptRevision(number, str(metadata["name"]), template, created)


def is_controlled_by(one: RawObject, owner: RawObject) -> bool:
    """Whether `owner` is the controller of an object."""
    references = one["metadata"].get("ownerReferences") or ()
    uid = owner["metadata"]["uid"]
    return any(ref.get("controller") and ref.get("uid") == uid for ref in references)
