"""Verdicts: from a picture of what runs to cause, evidence and remedy. Pure.

Only pods of the wanted revision are judged. Each subject has its rules; they are asked in the order
in which one trouble brings about the next, so that the first answer is nearest to the root: what
was never made has no node, what has no node pulls no image, what has no image cannot crash. A
trouble that may pass is told at once and becomes final with the deadline (redraft's, or the
workload's own). Whatever the verdict, nothing is deleted and watching goes on.
"""

from dataclasses import replace

from tui.model.rollouts import NO_VERDICT, Rollout, Verdict
from tui.model.verdicts.admission import refused_pods
from tui.model.verdicts.configuration import unmade
from tui.model.verdicts.crashes import crashed
from tui.model.verdicts.endpoints import answering
from tui.model.verdicts.images import unpulled
from tui.model.verdicts.late import given_up
from tui.model.verdicts.network import unreachable
from tui.model.verdicts.probes import unanswered
from tui.model.verdicts.scene import Rule, Scene, rolled_out, scene
from tui.model.verdicts.scheduling import unschedulable
from tui.model.verdicts.unseen import as_seen_last
from tui.model.verdicts.volumes import unmounted
from tui.model.verdicts.workloads import absent, evicted, paused, replaced

RULES: tuple[Rule, ...] = (
    absent,
    replaced,
    refused_pods,
    unschedulable,
    unmounted,
    unpulled,
    unmade,
    crashed,
    evicted,
    unanswered,
    paused,
)


def judge(rollout: Rollout, now: float) -> Verdict:
    """Return the verdict on the wanted revision at Unix time `now`."""
    if not rollout.revision:
        return NO_VERDICT
    at = scene(rollout, now)
    if rolled_out(at):
        return _nearest_to_the_root(at, (unreachable,)) or as_seen_last(at, answering(rollout))
    found = _nearest_to_the_root(at, RULES)
    if found and found.outcome == "failed":
        return found
    over = given_up(at)
    if over and found:
        return replace(found, outcome="failed", evidence=(*found.evidence, over.sentence))
    return over or as_seen_last(at, found or _going_on(at))


def _nearest_to_the_root(at: Scene, rules: tuple[Rule, ...]) -> Verdict | None:
    """Return the first final trouble, else the first one that is only told."""
    troubles = [verdict for rule in rules for verdict in rule(at)]
    final = (verdict for verdict in troubles if verdict.outcome == "failed")
    return next(final, troubles[0] if troubles else None)


def _going_on(at: Scene) -> Verdict:
    if not at.pods:
        return Verdict("progressing", sentence="starting")
    ready = sum(pod.ready for pod in at.pods)
    return Verdict("progressing", sentence=f"{ready} of {len(at.pods)} ready")
