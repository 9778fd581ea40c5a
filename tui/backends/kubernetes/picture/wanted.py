"""What of a namespace belongs to the release, and which of its pods are of the wanted revision.

A Deployment's wanted pods are those of the ReplicaSet with its current template, as the deployment
controller itself compares it (`EqualIgnoreHash`: all but the label `pod-template-hash`). A
StatefulSet tells `status.updateRevision`; a DaemonSet's is its newest ControllerRevision. While a
controller has not taken up the newest spec (`observedGeneration`), no pod is of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field

from tui.backends.kubernetes.objects import Objects, RawObject
from tui.backends.kubernetes.picture.reading import labels, name, number, part, text, uid
from tui.backends.kubernetes.templates import template_digest
from tui.model.faults import Fault
from tui.model.frozen import frozen

WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job")
TEMPLATE_HASH = "pod-template-hash"
REVISION_HASH = "controller-revision-hash"
Member = tuple[str, str]
"""Kind and name of an object of the release."""


@frozen
class Wanted:
    """The release whose picture is taken."""

    revision: int
    members: frozenset[Member]
    """Its workloads, Services and Ingresses."""
    generations: Mapping[Member, int] = field(default_factory=dict)
    """`metadata.generation` of workloads after the deploy: an older one is from before it."""
    revisions: Mapping[str, int] = field(default_factory=dict)
    """Template hashes of earlier releases to their revisions."""
    templates: Mapping[Member, str] = field(default_factory=dict)
    """Digests of the workloads' pod templates after the deploy, where they are known."""
    started: float = 0.0
    deadline: float = 0.0
    """Unix time, 0 for none."""
    begun: bool = False
    """Whether it was only begun: no workload can be as it wants them yet."""
    failed: Fault | None = None
    """Why it could not be asked for."""
    deleted: bool = False
    """Whether what was released last was deleted."""
    applied: float = 0.0
    """Unix time at which all of it had been asked for; 0 where that is not known."""
    latest: int = 0
    """The revision that was begun last: `revision`, once anything was ever asked for."""
    made: float = 0.0
    """Unix time in whole seconds at which it was written down, before anything was asked for: by
    the clock that also tells when pods were made, unless it was released outside redraft.
    """


def members(objects: Objects, wanted: Wanted, kind: str) -> list[RawObject]:
    """Return the release's objects of a kind, by name."""
    found = (one for one in objects.of(kind) if (kind, name(one)) in wanted.members)
    return sorted(found, key=name)


def workloads(objects: Objects, wanted: Wanted) -> Iterator[tuple[str, RawObject]]:
    """Yield the release's workloads with their kinds."""
    return ((kind, one) for kind in WORKLOADS for one in members(objects, wanted, kind))


def observed(kind: str, workload: RawObject, wanted: Wanted) -> bool:
    """Whether this is the workload as the deploy left it, and its controller has taken it up."""
    generation = number(workload, "metadata", "generation")
    if generation < wanted.generations.get((kind, name(workload)), 0):
        return False
    return kind == "Job" or number(workload, "status", "observedGeneration") >= generation


def replaced(kind: str, workload: RawObject, wanted: Wanted) -> bool:
    """Whether somebody else has changed the pod template since the deploy."""
    member = (kind, name(workload))
    ours, generation = wanted.templates.get(member, ""), number(workload, "metadata", "generation")
    if not ours or generation <= wanted.generations.get(member, 0):
        return False
    return template_digest(workload) != ours


def changed_since(objects: Objects, wanted: Wanted) -> frozenset[tuple[Member, int]]:
    """Return the workloads whose spec somebody changed since the deploy, with their generations.

    A change is seen once its controller has taken it up, and made the revision that tells of it.
    """
    found = (
        ((kind, name(one)), number(one, "metadata", "generation"))
        for kind, one in workloads(objects, wanted)
        if observed(kind, one, wanted)
    )
    return frozenset(
        (member, generation)
        for member, generation in found
        if generation > wanted.generations.get(member, 0)
    )


def owned(objects: Objects, kind: str, owner: RawObject) -> list[RawObject]:
    """Return the objects of a kind that `owner` controls."""
    return [one for one in objects.of(kind) if controller(one) == uid(owner)]


def controller(one: RawObject) -> str:
    """Return the uid of what controls an object, empty when nothing does."""
    references = one.get("metadata", {}).get("ownerReferences") or ()
    return next((str(r.get("uid", "")) for r in references if r.get("controller")), "")


def replica_sets(
    objects: Objects, deployment: RawObject
) -> tuple[RawObject | None, list[RawObject]]:
    """Return a Deployment's ReplicaSet of the current template, if there is one, and the others."""
    owned_sets = owned(objects, "ReplicaSet", deployment)
    current = next((one for one in owned_sets if _same_template(one, deployment)), None)
    return current, [one for one in owned_sets if one is not current]


def _same_template(replica_set: RawObject, deployment: RawObject) -> bool:
    return _template(replica_set) == _template(deployment)


def _template(workload: RawObject) -> tuple[RawObject, RawObject]:
    template = part(workload, "spec", "template")
    kept = {k: v for k, v in labels(template).items() if k != TEMPLATE_HASH}
    return {**part(template, "metadata"), "labels": kept}, part(template, "spec")


def wanted_hash(objects: Objects, kind: str, workload: RawObject) -> str:
    """Return the hash that the wanted pods bear as a label; empty while it cannot be told."""
    match kind:
        case "Deployment":
            current, _ = replica_sets(objects, workload)
            return labels(current).get(TEMPLATE_HASH, "") if current else ""
        case "StatefulSet":
            return text(workload, "status", "updateRevision")
        case "DaemonSet":
            revisions = owned(objects, "ControllerRevision", workload)
            newest = max(revisions, key=lambda one: number(one, "revision"), default=None)
            return labels(newest).get(REVISION_HASH, "") if newest else ""
    return ""


def pod_hash(pod: RawObject) -> str:
    """Return the hash of the template a pod was made from."""
    return labels(pod).get(REVISION_HASH) or labels(pod).get(TEMPLATE_HASH, "")


def pods_of(objects: Objects, kind: str, workload: RawObject) -> list[RawObject]:
    """Return all pods of a workload, of whatever revision, oldest first."""
    owners = [workload]
    if kind == "Deployment":
        owners = owned(objects, "ReplicaSet", workload)
    uids = {uid(one) for one in owners}
    found = (pod for pod in objects.of("Pod") if controller(pod) in uids)
    return sorted(found, key=lambda pod: (text(pod, "metadata", "creationTimestamp"), name(pod)))


def template_hashes(objects: Objects, wanted: Wanted) -> tuple[str, ...]:
    """Return the hashes of the wanted pods: what to record, to know them again as old ones."""
    found = (
        wanted_hash(objects, kind, one)
        for kind, one in workloads(objects, wanted)
        if not replaced(kind, one, wanted)
    )
    return tuple(one for one in found if one)
