"""Pods without a node, in the words of current schedulers; the recordings hold v1.20's."""

import pytest

from tests.model.verdicts.pictures import NOW, RUNNING, judged, pod
from tui.model.rollouts import Pod

TAIL = " preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."


def without_node(message: str, created: float = 900.0) -> Pod:
    return pod(RUNNING, phase="Pending", node="", unschedulable=message, created=created)


@pytest.mark.parametrize(
    ("reasons", "cause", "says"),
    [
        ("3 Insufficient cpu.", "unschedulable-resources", "enough cpu"),
        ("3 Too many pods.", "unschedulable-resources", "Too many pods"),
        (
            "1 Insufficient memory, 2 node(s) had untolerated taint {dedicated: gpu}.",
            "unschedulable-resources",
            "enough memory",
        ),
        (
            "3 node(s) had untolerated taint {dedicated: gpu}.",
            "unschedulable-taint",
            "{dedicated: gpu}",
        ),
        (
            "1 node(s) had untolerated taint {dedicated: gpu}, "
            "2 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }.",
            "unschedulable-node",
            "trouble of its own (disk-pressure)",
        ),
        (
            "1 node(s) had taint {node.kubernetes.io/unreachable: }, that the pod didn't tolerate.",
            "unschedulable-node",
            "(unreachable)",
        ),
        ("3 node(s) had untolerated taint(s).", "unschedulable-taint", "by a taint that"),
        (
            "3 node(s) didn't match Pod's node affinity/selector.",
            "unschedulable-affinity",
            "Pod's node affinity/selector",
        ),
        (
            "3 node(s) didn't match pod anti-affinity rules.",
            "unschedulable-affinity",
            "anti-affinity",
        ),
        (
            "3 node(s) didn't match pod topology spread constraints.",
            "unschedulable-affinity",
            "topology spread constraints",
        ),
        (
            "3 node(s) didn't satisfy existing pods anti-affinity rules.",
            "unschedulable-affinity",
            "existing",
        ),
        ("3 node(s) had volume node affinity conflict.", "unschedulable-volume", "volume"),
        (
            "3 node(s) didn't match PersistentVolume's node affinity.",
            "unschedulable-volume",
            "PersistentVolume's node affinity",
        ),
        (
            "3 node(s) didn't have free ports for the requested pod ports.",
            "unschedulable-port",
            "hostPort",
        ),
        ("3 node(s) were unschedulable.", "unschedulable-cordoned", "cordoned"),
        ("pod has unbound immediate PersistentVolumeClaims.", "claim-unbound", "no volume yet"),
        ('persistentvolumeclaim "data" not found.', "claim-missing", "PersistentVolumeClaim data"),
        ("3 node(s) had a bad day.", "unschedulable", "had a bad day"),
    ],
)
def test_what_the_nodes_lack_is_told_apart(reasons: str, cause: str, says: str) -> None:
    verdict = judged(without_node(f"0/3 nodes are available: {reasons}{TAIL}"))
    assert (verdict.outcome, verdict.cause) == ("failed", cause)
    assert says in verdict.sentence


@pytest.mark.parametrize("claims", [" no new claims to deallocate,", " still not schedulable,"])
def test_what_is_said_of_claims_besides_is_no_reason(claims: str) -> None:
    verdict = judged(without_node(f"0/3 nodes are available: 3 Insufficient cpu.{claims}{TAIL}"))
    assert "no node has enough cpu left" in verdict.sentence


def test_no_node_at_all_is_told() -> None:
    verdict = judged(without_node("no nodes available to schedule pods"))
    assert (verdict.cause, "no nodes available" in verdict.sentence) == ("unschedulable", True)


def test_a_clock_that_is_ahead_does_not_make_us_wait() -> None:
    message = "0/1 nodes are available: 1 Insufficient cpu."
    assert judged(without_node(message, NOW - 1)).outcome == "progressing"
    assert judged(without_node(message, NOW + 60)).outcome == "failed"


def test_room_that_a_stopping_pod_may_leave_is_waited_for() -> None:
    leaving = pod(RUNNING, name="web-0", revision=1, phase="Terminating")
    verdict = judged(without_node("0/1 nodes are available: 1 Insufficient cpu."), leaving)
    assert (verdict.outcome, verdict.cause) == ("progressing", "unschedulable-resources")
