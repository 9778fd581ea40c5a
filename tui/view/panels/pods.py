"""Rows of workloads and pods, as the rollout panel shows them."""

import math
from collections.abc import Collection

from textual.content import Content

from tui.model.podstates import (
    container_state,
    new_and_old,
    pod_state,
    ready_count,
    workload_counts,
)
from tui.model.rollouts import Container, Pod, Rollout, Workload
from tui.view.columns import clipped, padded, short_pod, spread
from tui.view.present import MUTED, WARN, age, icon, joined, muted, plain

LONGEST_NAME = 30
AGE = 6
"""Cells kept for a pod's age and the space before it."""


def present_workload(workload: Workload, now: float, width: int) -> Content:
    """Return a workload's line: how many pods are ready, and as much more as there is room for."""
    ready = workload.complete or (workload.observed and workload.ready >= workload.desired)
    outcome = "failed" if workload.failed else "ready" if ready else "progressing"
    left = joined([icon(outcome), plain(workload.label, "bold")], " ")
    counts = workload_counts(workload)
    told = [age(now - workload.created)] if workload.created else []
    for shown in (counts, counts[:2], counts[:1]):
        right = ", ".join([*shown, *told])
        if left.cell_length + len(right) < width:
            return spread(left, Content(right), width)
    return spread(left, Content(counts[0]), width)


def present_pods(rollout: Rollout, now: float, width: int) -> list[Content]:
    """Return the pods of the wanted revision, then the older ones."""
    new, old = new_and_old(rollout)
    names = name_width(rollout.pods, width)
    rows = [row for pod in new for row in present_pod(pod, now, width, names)]
    older = [row for pod in old for row in present_pod(pod, now, width, names)]
    return [*rows, *(row.stylize(MUTED) for row in older)]


def name_width(pods: Collection[Pod], width: int) -> int:
    """Return how many cells pods' names get: all that they need or the rest of a line leaves."""
    longest = max((len(pod.name) for pod in pods), default=0)
    others = max((present_standing(pod).cell_length for pod in pods), default=0)
    left = width - len("  1  ") - others - AGE
    return min(longest, LONGEST_NAME, max(width // 3, left))


def present_pod(pod: Pod, now: float, width: int, cells: int) -> list[Content]:
    """Return a pod's line: revision, name, state, containers, restarts, node, age.

    Below it stand what it waits for and, where there are several, its containers that are not well.
    """
    name = padded(plain(short_pod(pod.name, cells)), cells)
    left = joined([muted(f"{pod.revision or '–':>3}"), name, present_standing(pod)], " ")
    old = muted(age(now - pod.created)) if pod.created else Content("")
    node = joined([muted(pod.node), old])
    fits = [right for right in (node, old) if left.cell_length + right.cell_length < width]
    rows = [muted(f"    … {what}") for what in awaited(pod, now)]
    rows += [row for c in pod.containers if len(pod.containers) > 1 for row in _unwell(c)]
    return [
        spread(left, fits[0] if fits else Content(""), width),
        *(clipped(row, width) for row in rows),
    ]


def present_standing(pod: Pod) -> Content:
    """Return a pod's state, its ready containers where there are several, and its restarts."""
    state, outcome = pod_state(pod)
    ready, lasting = ready_count(pod)
    return joined(
        [
            joined([icon(outcome), plain(state)], " "),
            muted(f"{ready}/{lasting}" if lasting > 1 else ""),
            plain(f"{pod.restarts}×" if pod.restarts else "", WARN),
        ],
        " ",
    )


def _unwell(container: Container) -> list[Content]:
    state = container_state(container)
    if state is None or state[0] == "PodInitializing":
        return []
    kind = "" if container.kind == "app" else f"{container.kind} "
    restarts = plain(f"{container.restarts}×" if container.restarts else "", WARN)
    named = muted(f"    {kind}{container.name}")
    return [joined([named, icon(state[1]), plain(state[0]), restarts], " ")]


def awaited(pod: Pod, now: float) -> list[str]:
    """Return what a pod waits for: a node, its next start, or a probe that passes."""
    node = [pod.unschedulable] if pod.unschedulable and not pod.node else []
    retries = [c.retry_at - now for c in pod.containers if c.last and c.retry_at > now]
    again = [f"started again in {math.ceil(max(retries))} s"] if retries else []
    probes = [c.probe_message for c in pod.containers if c.probe_message and not c.ready]
    return node + again + probes
