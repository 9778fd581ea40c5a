"""Held back: why nothing is sent to a pod whose containers are ready. Pure."""

from collections.abc import Iterator

from tui.model.rollouts import Verdict
from tui.model.verdicts.scene import Scene, trouble

NOT_HEARD_OF = "NodeNotReady"
"""The reason of the event by which the controller of nodes tells each of a lost node's pods."""


def lost(at: Scene) -> Iterator[Verdict]:
    """Tell pods whose node is not heard of any more: they may run on, or be gone with it."""
    for pod in at.pods:
        if pod.node_lost:
            told = [warning for warning in pod.warnings if warning.reason == NOT_HEARD_OF]
            yield trouble(
                False,
                "node-lost",
                f"{pod.name} is on node {pod.node}, which is not heard of any more",
                tuple(f"{one.reason}: {one.message}" for one in told[-1:]),
                f"look at the node: `kubectl describe node {pod.node}`; by default its pods are "
                "made anew on another after five minutes",
            )


def gated(at: Scene) -> Iterator[Verdict]:
    """Tell pods that wait for somebody to open their readiness gates."""
    for pod in at.pods:
        if pod.gate:
            yield trouble(
                False,
                "readiness-gate",
                f"{pod.name} is ready, but for its readiness gate: {pod.gate}",
                (pod.gate,),
                "look at what sets that condition, such as a load balancer's controller, or remove "
                "`readinessGates` from the pod",
            )
