"""The rollout panel: workloads, pods, and the verdict with its cause."""

import math

from textual.content import Content

from tui.model.evidence import telling
from tui.model.releases import Release
from tui.model.rollouts import Pod, Rollout, Verdict, Workload
from tui.model.state import State
from tui.view.columns import clipped, hung, padded, spread
from tui.view.panels.panel import Panel, Picture, Room
from tui.view.present import (
    BAD,
    MUTED,
    WARN,
    age,
    icon,
    joined,
    lines,
    muted,
    plain,
    present_remedy,
    worded,
)

PHASES = {"Running": "ready", "Pending": "pending", "Failed": "failed", "Succeeded": "done"}
LEAST_EVIDENCE = 2
MOST_EVIDENCE = 12
LONGEST_NAME = 30


class RolloutPanel(Panel):
    """Shows the rollout of a state."""

    HELP = """
## Rollout
The wanted revision: how many pods are updated and ready, then each pod's revision, state, restarts
and age; pods of an older revision are set apart. When it fails: cause, evidence and what to do.
Enter or `i` shows all of it.
"""

    def picture(self, state: State, now: float, room: Room) -> Picture:
        """Return the verdict, the workloads and the pods."""
        rollout = state.rollout
        if rollout is None and state.releases:
            return Picture(Content("Rollout"), present_past(state.releases[-1], now))
        if rollout is None or not rollout.revision:
            return Picture(Content("Rollout"), muted("nothing runs yet"))
        outcome = state.verdict.outcome
        title = joined([f"Rollout {rollout.revision}", worded(outcome)], " ")
        foot = muted("enter: why") if state.verdict.cause else Content("")
        return Picture(title, present_rollout(rollout, state.verdict, now, room), foot)


def present_past(release: Release, now: float) -> Content:
    """Return what the history says of a release, as long as it is not known what runs."""
    when = f"{age(now - release.started)} ago"
    left = joined([f"revision {release.revision}", worded(release.outcome)], " ")
    return lines([joined([left, muted(when)]), muted("looking at what runs …")])


def present_rollout(rollout: Rollout, verdict: Verdict, now: float, room: Room) -> Content:
    """Return the text of the panel; there is as much evidence in it as there is room for."""
    pods = [
        *(present_workload(workload, room.width) for workload in rollout.workloads),
        *present_pods(rollout, now, room.width),
    ]
    left = room.height - len(pods) - len(present_verdict(verdict, 0, room.width)) - 1
    evidence = min(max(left, LEAST_EVIDENCE), MOST_EVIDENCE)
    return lines([*present_verdict(verdict, evidence, room.width), *pods])


def present_verdict(verdict: Verdict, evidence: int, width: int) -> list[Content]:
    """Return cause, evidence and remedy; while it goes on, what is waited for."""
    if not verdict.cause:
        waiting = verdict.outcome == "progressing" and verdict.sentence
        return [clipped(muted(f"{verdict.sentence}"), width)] if waiting else []
    style = BAD if verdict.outcome == "failed" else WARN
    shown = telling(verdict.evidence, evidence)
    return [
        *hung(icon(verdict.outcome) + " ", plain(verdict.sentence, f"bold {style}"), width),
        *(clipped(muted(f"  │ {line}"), width) for line in shown),
        *present_remedy(verdict.remedy, width),
    ]


def present_workload(workload: Workload, width: int) -> Content:
    """Return a workload's line."""
    ready = workload.ready >= workload.desired
    left = joined(
        [
            icon("ready" if ready else "progressing"),
            plain(f"{workload.kind} {workload.name}", "bold"),
        ],
        " ",
    )
    counts = f"{workload.ready}/{workload.desired} ready, {workload.updated} updated"
    return spread(left, Content(counts), width)


def present_pods(rollout: Rollout, now: float, width: int) -> list[Content]:
    """Return the pods of the wanted revision, then the older ones."""
    new = [pod for pod in rollout.pods if pod.revision == rollout.revision]
    old = [pod for pod in rollout.pods if pod.revision != rollout.revision]
    names = min(max((len(pod.name) for pod in rollout.pods), default=0), LONGEST_NAME, width // 3)
    rows = [row for pod in new for row in present_pod(pod, now, width, names)]
    older = [row for pod in old for row in present_pod(pod, now, width, names)]
    return [*rows, *(row.stylize(MUTED) for row in older)]


def present_pod(pod: Pod, now: float, width: int, name_width: int) -> list[Content]:
    """Return a pod's line: revision, name, state, restarts, age; below it what it waits for."""
    state, outcome = pod_state(pod)
    restarts = f"{pod.restarts}×" if pod.restarts else ""
    left = joined(
        [
            muted(f"{pod.revision:>3}"),
            padded(plain(pod.name), name_width),
            joined([icon(outcome), plain(state)], " "),
            plain(restarts, WARN),
        ],
        " ",
    )
    old = muted(age(now - pod.created)) if pod.created else Content("")
    fits = left.cell_length + old.cell_length < width
    waits = [clipped(muted(f"    … {what}"), width) for what in awaited(pod, now)]
    return [spread(left, old if fits else Content(""), width), *waits]


def pod_state(pod: Pod) -> tuple[str, str]:
    """Return a pod's state in a word, and the outcome whose icon goes with it."""
    if pod.phase == "Terminating":
        return "stopping", "pending"
    waiting = next((c.waiting for c in pod.containers if c.waiting), "")
    if waiting:
        return waiting, "failed" if "BackOff" in waiting or "Error" in waiting else "pending"
    if pod.phase == "Running" and not pod.ready:
        return "not ready", "pending"
    return pod.phase, PHASES.get(pod.phase, "none")


def awaited(pod: Pod, now: float) -> list[str]:
    """Return what a pod waits for: its next start, or a probe that passes."""
    retries = [c.retry_at - now for c in pod.containers if c.retry_at > now]
    again = [f"started again in {math.ceil(max(retries))} s"] if retries else []
    return again + [c.probe_message for c in pod.containers if c.probe_message and not c.ready]
