"""Workloads: how far their controllers are, and what holds them up. Pure.

The counts are of the wanted revision's pods: `status.readyReplicas` counts old and new together, so
that a rollout whose new pods all crash looks ready in it.
"""

from tui.backends.kubernetes.objects import Objects, RawObject
from tui.backends.kubernetes.picture.reading import (
    NOTHING,
    condition,
    created,
    field,
    holds,
    name,
    number,
    text,
    uid,
)
from tui.backends.kubernetes.picture.surroundings import Surroundings
from tui.backends.kubernetes.picture.wanted import (
    WORKLOADS,
    observed,
    owned,
    replaced,
    replica_sets,
    workloads,
)
from tui.model.rollouts import Pod, Workload

CLOCKS = 60.0
PARALLEL = "Parallel"
"""The policy of a StatefulSet that waits for none of its pods."""
LIVE = {"Pending", "Running", "Succeeded"}
AVAILABLE = {
    "Deployment": "availableReplicas",
    "StatefulSet": "readyReplicas",
    "DaemonSet": "numberAvailable",
    "Job": "active",
}


def workload_pictures(around: Surroundings, pods: tuple[Pod, ...]) -> tuple[Workload, ...]:
    """Return the release's workloads; one that is known not to be there as not observed.

    A Job beside other workloads may be gone: it is cleaned up when it is done
    (`ttlSecondsAfterFinished`, hooks of a chart).
    """
    wanted = around.wanted
    new = tuple(pod for pod in pods if pod.revision == wanted.revision)
    seen = [_workload(kind, one, around, new) for kind, one in workloads(around.objects, wanted)]
    there = {(one.kind, one.name) for one in seen}
    kinds = {kind for kind, _ in wanted.members} & set(WORKLOADS)
    lasting = (kinds - {"Job"} or kinds) & around.objects.by_kind.keys()
    absent = sorted(member for member in wanted.members - there if member[0] in lasting)
    return (*seen, *(Workload(kind, name, 1, observed=False) for kind, name in absent))


def _workload(kind: str, one: RawObject, around: Surroundings, pods: tuple[Pod, ...]) -> Workload:
    """Return a workload; `pods` are those of the wanted revision."""
    live = [p for p in pods if p.owner == f"{kind} {name(one)}" and p.phase in LIVE]
    refused, times = _refused(kind, one, around, len(live))
    return Workload(
        kind,
        name(one),
        _desired(kind, one),
        len(live),
        sum(pod.ready for pod in live),
        number(one, "status", AVAILABLE[kind]),
        created(one),
        observed=observed(kind, one, around.wanted),
        refused=refused,
        refusals=times,
        stalled=_stalled(one),
        complete=kind == "Job" and holds(one, "Complete"),
        failed=_failed(one) if kind == "Job" else "",
        paused=field(one, "spec", "paused") is True,
        replaced=replaced(kind, one, around.wanted),
        ordered=kind == "StatefulSet" and text(one, "spec", "podManagementPolicy") != PARALLEL,
    )


def _desired(kind: str, one: RawObject) -> int:
    match kind:
        case "DaemonSet":
            return number(one, "status", "desiredNumberScheduled")
        case "Job":
            parallel = number(one, "spec", "parallelism", default=1)
            return number(one, "spec", "completions", default=parallel)
    return number(one, "spec", "replicas", default=1)


def _maker(kind: str, one: RawObject, objects: Objects) -> RawObject:
    """Return what makes the pods: a Deployment's current ReplicaSet, else the workload itself."""
    if kind != "Deployment":
        return one
    current, _ = replica_sets(objects, one)
    return current or NOTHING


def _refused(kind: str, one: RawObject, around: Surroundings, live: int) -> tuple[str, int]:
    """Return why pods are missing, in the words of who refused them, and how often.

    Only a ReplicaSet keeps a condition of it; the events know it of all kinds, yet go on telling it
    when it is over. A DaemonSet whose pods are all refused does not even count them as wanted.
    """
    maker = _maker(kind, one, around.objects)
    if not maker or live >= (_desired(kind, one) or kind == "DaemonSet"):
        return "", 0
    told = [w for w in around.warnings.get(uid(maker), ()) if w.reason == "FailedCreate"]
    if holds(maker, "ReplicaFailure"):
        words = text(condition(maker, "ReplicaFailure"), "message")
        return words, max(1, sum(w.times for w in told))
    if not told or told[-1].last < _since(one, around):
        return "", 0
    return told[-1].message, sum(w.times for w in told)


def _since(one: RawObject, around: Surroundings) -> float:
    """Return from when on a refusal counts: after the deploy and the last pod that was made.

    The clocks of the cluster and of this machine may differ by as much as a minute.
    """
    made = (created(pod) for pod in owned(around.objects, "Pod", one))
    return max(around.wanted.started - CLOCKS, *made, 0.0)


def _stalled(one: RawObject) -> str:
    progressing = condition(one, "Progressing")
    exceeded = progressing.get("reason") == "ProgressDeadlineExceeded"
    return text(progressing, "message") if exceeded else ""


def _failed(job: RawObject) -> str:
    if not holds(job, "Failed"):
        return ""
    failed = condition(job, "Failed")
    return f"{text(failed, 'reason')}: {text(failed, 'message')}"
