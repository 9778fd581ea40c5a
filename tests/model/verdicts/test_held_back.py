"""Pods that are kept waiting: sent nothing although they are ready, or not replaced."""

from dataclasses import replace
from typing import Any

import pytest

from tests.model.verdicts.pictures import NOW, READY, judged, pod, rollout, waiting
from tui.model.rollouts import WarningEvent, Workload
from tui.model.verdicts import judge

GATE = 'corresponding condition of pod readiness gate "example.com/lb" does not exist.'
TOLD = WarningEvent("NodeNotReady", "Node is not ready", 1, NOW)


def test_a_lost_node_is_told_and_is_final_with_the_deadline() -> None:
    lost = pod(READY, node_lost=True, warnings=(TOLD,))
    verdict = judged(lost)
    assert (verdict.outcome, verdict.cause) == ("progressing", "node-lost")
    assert verdict.sentence == "web-1 is on node node1, which is not heard of any more"
    assert verdict.evidence == ("NodeNotReady: Node is not ready",)
    assert judged(lost, deadline=NOW - 1).outcome == "failed"


def test_a_closed_readiness_gate_is_told_in_the_kubelets_words() -> None:
    verdict = judged(pod(READY, gate=GATE))
    assert (verdict.outcome, verdict.cause) == ("progressing", "readiness-gate")
    assert verdict.evidence == (GATE,)


@pytest.mark.parametrize("held", [{"node_lost": True}, {"gate": GATE}])
def test_one_replica_that_is_held_back_keeps_a_release_from_being_ready(
    held: dict[str, object],
) -> None:
    both = rollout(pod(READY), pod(READY, name="web-2", **held), serving=2)
    assert both.workloads == (Workload("Deployment", "web", 2, created=900.0),)
    assert judge(both, NOW).outcome == "progressing"


def test_a_pod_that_was_made_anew_elsewhere_is_all_that_counts() -> None:
    left = pod(READY, name="web-0", phase="Terminating", node_lost=True)
    workload = Workload("Deployment", "web", 1, created=900.0)
    whole = rollout(left, pod(READY), serving=2, workloads=(workload,))
    assert judge(whole, NOW).outcome == "ready"


def test_an_old_pod_that_a_stateful_set_waits_for_is_told_with_why_it_is_not_ready() -> None:
    ordered = Workload("StatefulSet", "db", 2, created=900.0, ordered=True)
    old = waiting("ImagePullBackOff", "no such image", revision=1, name="db-1", owner=ordered.label)
    held: dict[str, Any] = {"workloads": (ordered,), "serving": 1}
    verdict = judged(old, **held)
    assert (verdict.outcome, verdict.cause) == ("progressing", "old-pod-not-ready")
    assert verdict.evidence == ("app: ImagePullBackOff: no such image",)
    assert "kubectl delete pod db-1" in verdict.remedy
    assert judged(old, deadline=NOW - 1, **held).outcome == "failed"
    for other in (
        replace(old, phase="Terminating"),
        pod(READY, revision=1, name="db-1", owner=ordered.label),
        replace(old, owner="Deployment web"),
    ):
        assert not judged(other, **held).cause
    parallel = replace(ordered, ordered=False)
    assert not judged(old, workloads=(parallel,), serving=1).cause
