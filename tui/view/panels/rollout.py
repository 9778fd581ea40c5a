"""The rollout panel: workloads, pods, and the verdict with its cause."""

from textual.content import Content

from tui.model.evidence import telling
from tui.model.releases import Release
from tui.model.rollouts import Rollout, Verdict
from tui.model.routes import Endpoint, Reach
from tui.model.state import State
from tui.model.syncing import count_synced
from tui.view.columns import clipped, hung
from tui.view.panels.panel import Panel, Picture, Room
from tui.view.panels.pods import present_pods, present_workload
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

REACHES: dict[Reach, tuple[str, str]] = {
    "answers": ("ready", "answers"),
    "failing": ("failed", "does not answer"),
    "unknown": ("pending", "not answered yet"),
    "inside": ("none", "from inside the cluster only"),
}
"""Icon of an endpoint, and the words for it where there is no answer to show."""
LEAST_EVIDENCE = 2
MOST_EVIDENCE = 12


class RolloutPanel(Panel):
    """Shows the rollout of a state."""

    HELP = """
## Rollout
Each address that leads here from outside with what it answers; `o` opens the best one. Then each
workload: how many of its pods are ready, of the wanted revision, and available, and its age. Then
each pod: revision, state, ready containers, restarts, node and age; pods of an older revision are
set apart, one of an unknown revision bears `–`. Files that were synced into the pods and are in no
image are counted below. When it fails: cause, evidence and what to do.
Enter or `i` shows all of it.
"""

    def picture(self, state: State, now: float, room: Room) -> Picture:
        """Return the verdict, the workloads and the pods."""
        rollout = state.rollout
        if rollout is None and state.releases:
            return Picture(Content("Rollout"), present_past(state.releases[-1], now))
        if rollout is None or not rollout.revision:
            word = "looking at what runs …" if state.unseen else "nothing runs yet"
            return Picture(Content("Rollout"), muted(word))
        outcome = state.verdict.outcome
        title = joined([f"Rollout {rollout.revision}", worded(outcome)], " ")
        why = muted("enter: why") if state.verdict.cause else ""
        word = count_synced(state)
        foot = joined([plain(f"+ {word}, in no image", WARN) if word else "", why])
        return Picture(title, present_rollout(rollout, state.verdict, now, room), foot)


def present_past(release: Release, now: float) -> Content:
    """Return what the history says of a release, as long as it is not known what runs."""
    when = f"{age(now - release.started)} ago"
    left = joined([f"revision {release.revision}", worded(release.outcome)], " ")
    return lines([joined([left, muted(when)]), muted("looking at what runs …")])


def present_rollout(rollout: Rollout, verdict: Verdict, now: float, room: Room) -> Content:
    """Return the text of the panel; there is as much evidence in it as there is room for."""
    inside = [one for one in rollout.endpoints if one.reach == "inside"]
    outside = [one for one in rollout.endpoints if one.reach != "inside"]
    pods = [
        *(present_endpoint(endpoint, room.width) for endpoint in outside),
        *(present_workload(workload, now, room.width) for workload in rollout.workloads),
        *present_pods(rollout, now, room.width),
        *(present_endpoint(endpoint, room.width) for endpoint in inside),
    ]
    left = room.height - len(pods) - len(present_verdict(verdict, 0, room.width)) - 1
    evidence = min(max(left, LEAST_EVIDENCE), MOST_EVIDENCE)
    return lines([*present_verdict(verdict, evidence, room.width), *pods])


def present_endpoint(endpoint: Endpoint, width: int) -> Content:
    """Return where the release is to be reached, and what came back from there."""
    sign, word = REACHES[endpoint.reach]
    answer = plain(endpoint.answer or word, MUTED if endpoint.reach == "inside" else "")
    parts = (plain(endpoint.url), answer, muted(endpoint.label))
    return clipped(joined([icon(sign), joined(parts)], " "), width)


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
