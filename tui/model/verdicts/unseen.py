"""Unseen: what runs cannot be looked at, so that the verdict is an old one. Pure."""

from dataclasses import replace

from tui.model.faults import Fault
from tui.model.rollouts import Verdict
from tui.model.verdicts.scene import Scene

BRIEF = 2.0
"""Seconds for which it is not worth telling: the server ends connections now and then."""
SILENT_ENGINE = Fault(
    "engine-unreachable",
    "the engine does not answer",
    kind="unreachable",
    remedy="it is asked again by itself; start the engine",
)
SILENT_CLUSTER = "it is asked again by itself; check the connection to the cluster"


def as_seen_last(at: Scene, verdict: Verdict) -> Verdict:
    """Return the verdict with what keeps it from being a new one, if anything does."""
    lost_since, fault = at.rollout.lost_since, at.rollout.lost_to or SILENT_ENGINE
    seconds = at.now - lost_since
    if not lost_since or (at.pods and seconds < BRIEF):
        return verdict
    last = (verdict.sentence,) if verdict.cause else ()
    return replace(
        verdict,
        cause=fault.code,
        sentence=f"{fault.sentence}: what is shown was seen {max(0, round(seconds))} s ago",
        evidence=(*fault.evidence, *last),
        remedy=SILENT_CLUSTER if fault.code == "api-unreachable" else fault.remedy,
    )
