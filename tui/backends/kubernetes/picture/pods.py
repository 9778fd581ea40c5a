"""Pods: from raw objects and the warnings about them and their volumes. Pure."""

from collections.abc import Iterator

from tui.backends.kubernetes.objects import Objects, RawObject
from tui.backends.kubernetes.picture.containers import containers, with_retries
from tui.backends.kubernetes.picture.reading import (
    condition,
    created,
    field,
    holds,
    name,
    part,
    parts,
    text,
    uid,
)
from tui.backends.kubernetes.picture.surroundings import Surroundings
from tui.backends.kubernetes.picture.wanted import (
    Wanted,
    observed,
    pod_hash,
    pods_of,
    replaced,
    wanted_hash,
    workloads,
)
from tui.model.rollouts import Container, Phase, Pod, WarningEvent

RETRIED = 30.0
"""Seconds within which a kubelet tries anew to make a container: every ten to fifteen."""
PHASES: dict[str, Phase] = {"Running": "Running", "Succeeded": "Succeeded", "Failed": "Failed"}


def pods(around: Surroundings) -> tuple[Pod, ...]:
    """Return all pods of the release's workloads."""
    return tuple(
        _pod(pod, revision, f"{kind} {name(workload)}", around)
        for kind, workload in workloads(around.objects, around.wanted)
        for pod, revision in _with_revisions(kind, workload, around.objects, around.wanted)
    )


def pods_with_revisions(objects: Objects, wanted: Wanted) -> Iterator[tuple[RawObject, int]]:
    """Yield all pods of the release's workloads, each with the revision it is of, 0 if unknown."""
    for kind, workload in workloads(objects, wanted):
        yield from _with_revisions(kind, workload, objects, wanted)


def _with_revisions(
    kind: str, workload: RawObject, objects: Objects, wanted: Wanted
) -> Iterator[tuple[RawObject, int]]:
    current = wanted_hash(objects, kind, workload)
    taken_up = observed(kind, workload, wanted) and not replaced(kind, workload, wanted)
    for pod in pods_of(objects, kind, workload):
        new = taken_up and (kind == "Job" or pod_hash(pod) == current)
        yield pod, wanted.revision if new else _earlier(pod, wanted)


def _earlier(pod: RawObject, wanted: Wanted) -> int:
    """Return the revision of an old pod, 0 when it is not known."""
    revision = wanted.revisions.get(pod_hash(pod), 0)
    return 0 if revision == wanted.revision else revision


def _pod(pod: RawObject, revision: int, owner: str, around: Surroundings) -> Pod:
    warnings = _warnings(pod, around)
    found = with_retries(containers(pod, warnings), _tried_again(pod, around.wanted))
    gate = _gate(pod)
    return Pod(
        name(pod),
        revision,
        _phase(pod),
        found,
        created(pod),
        _address(pod, found),
        owner,
        text(pod, "spec", "nodeName"),
        text(pod, "status", "reason"),
        text(pod, "status", "message"),
        _unschedulable(pod),
        tuple(warning for warning in warnings if warning.reason != "Unhealthy"),
        _is_held_back(pod) and not gate,
        gate,
    )


def _tried_again(pod: RawObject, wanted: Wanted) -> float:
    """Return by when a container of a pod from before the release is tried again; 0 for others.

    What it could not be made for may have been made by the release, up to the last of it. When a
    pod was made the API tells in whole seconds by a clock of its own, and likewise when the release
    was written down: this machine's clock may be a minute ahead.
    """
    if not 0 < created(pod) < wanted.made:
        return 0.0
    return max(wanted.started, wanted.applied) + RETRIED


def _phase(pod: RawObject) -> Phase:
    if field(pod, "metadata", "deletionTimestamp"):
        return "Terminating"
    return PHASES.get(text(pod, "status", "phase"), "Pending")


def _address(pod: RawObject, found: tuple[Container, ...]) -> str:
    """Return where the app answers: not its sidecars, which stand before it in the spec."""
    address = text(pod, "status", "podIP")
    port = next((port for one in found if one.kind == "app" for port in one.ports), 0)
    host = f"[{address}]" if ":" in address else address
    return f"{host}:{port}" if address and port else ""


def _unschedulable(pod: RawObject) -> str:
    scheduled = condition(pod, "PodScheduled")
    return text(scheduled, "message") if scheduled.get("status") == "False" else ""


def _is_held_back(pod: RawObject) -> bool:
    """Whether a pod is not ready though its containers are.

    Either the kubelet told so, for a readiness gate, or the controller of nodes took its readiness
    away, for a node that it has not heard of: without a reason (pkg/controller/util/node,
    MarkPodsNotReady).
    """
    return holds(pod, "ContainersReady") and condition(pod, "Ready").get("status") == "False"


def _gate(pod: RawObject) -> str:
    """Return which readiness gates are closed, in the kubelet's words; empty for none."""
    ready = condition(pod, "Ready")
    closed = _is_held_back(pod) and ready.get("reason") == "ReadinessGatesNotReady"
    return text(ready, "message") if closed else ""


def _warnings(pod: RawObject, around: Surroundings) -> tuple[WarningEvent, ...]:
    """Return the warnings about a pod and about the claims it mounts."""
    volumes = parts(pod, "spec", "volumes")
    claimed = {text(part(one, "persistentVolumeClaim"), "claimName") for one in volumes}
    claims = (c for c in around.objects.of("PersistentVolumeClaim") if name(c) in claimed)
    about = (uid(pod), *(uid(claim) for claim in claims))
    found = (warning for one in about for warning in around.warnings.get(one, ()))
    return tuple(sorted(found, key=lambda warning: warning.last))
