"""Troubles: all rules on what is not rolled out yet, in the order they are asked. Pure."""

from dataclasses import replace

from tui.model.rollouts import Verdict
from tui.model.verdicts.admission import refused_pods
from tui.model.verdicts.configuration import unmade
from tui.model.verdicts.crashes import crashed
from tui.model.verdicts.held_back import behind, gated, lost
from tui.model.verdicts.images import unpulled
from tui.model.verdicts.late import given_up
from tui.model.verdicts.probes import unanswered
from tui.model.verdicts.sandboxes import unsandboxed
from tui.model.verdicts.scene import Rule, Scene, nearest_to_the_root
from tui.model.verdicts.scheduling import unschedulable
from tui.model.verdicts.unseen import as_seen_last
from tui.model.verdicts.volumes import unmounted
from tui.model.verdicts.workloads import absent, evicted, paused, replaced

RULES: tuple[Rule, ...] = (
    absent,
    replaced,
    refused_pods,
    unschedulable,
    lost,
    unmounted,
    unsandboxed,
    unpulled,
    unmade,
    crashed,
    evicted,
    unanswered,
    gated,
    behind,
    paused,
)


def troubled(at: Scene) -> Verdict:
    """Return the verdict on what is not rolled out: what troubles it, or how far it is."""
    found = nearest_to_the_root(at, RULES)
    if found and found.outcome == "failed":
        return found
    over = given_up(at)
    if over and found:
        return replace(found, outcome="failed", evidence=(*found.evidence, over.sentence))
    return over or as_seen_last(at, found or _going_on(at))


def _going_on(at: Scene) -> Verdict:
    if not at.pods:
        return Verdict("progressing", sentence="starting")
    ready = sum(pod.ready for pod in at.pods)
    return Verdict("progressing", sentence=f"{ready} of {len(at.pods)} ready")
