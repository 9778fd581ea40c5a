"""Verdicts: from a picture of what runs to cause, evidence and remedy. Pure.

Only pods of the wanted revision are judged. Each subject has its rules; they are asked in the order
in which one trouble brings about the next, so that the first answer is nearest to the root: what
was never made has no node, what has no node pulls no image, what has no image cannot crash. A
trouble that may pass is told at once and becomes final with the deadline (redraft's, or the
workload's own). Whatever the verdict, nothing is deleted and watching goes on.
"""

from tui.model.faults import Fault
from tui.model.rollouts import NO_VERDICT, Rollout, Verdict
from tui.model.verdicts.endpoints import answering
from tui.model.verdicts.network import unreachable
from tui.model.verdicts.scene import nearest_to_the_root, rolled_out, scene
from tui.model.verdicts.unseen import as_seen_last


def judge(rollout: Rollout, now: float) -> Verdict:
    """Return the verdict on the wanted revision at Unix time `now`."""
    if not rollout.revision:
        return NO_VERDICT
    if rollout.failed is not None:
        return not_asked_for(rollout.failed)
    at = scene(rollout, now)
    if rolled_out(at):
        return nearest_to_the_root(at, (unreachable,)) or as_seen_last(at, answering(rollout))
    from tui.model.verdicts.troubles import troubled  # an `up` of what runs well needs none of them

    return troubled(at)


def not_asked_for(fault: Fault) -> Verdict:
    """Return the verdict on a revision whose deploy failed, in the deploy's own words."""
    return Verdict("failed", fault.code, fault.sentence, fault.evidence, fault.remedy)
