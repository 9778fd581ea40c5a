"""Held back: what is kept waiting although nothing ails its own containers. Pure."""

from collections.abc import Iterator

from tui.model.rollouts import Pod, Verdict
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


def behind(at: Scene) -> Iterator[Verdict]:
    """Tell old pods that are not ready, for which a StatefulSet replaces no other either.

    Such a pod is not even replaced itself ("forced rollback" in Kubernetes' own documentation).
    """
    waiting = {one.label for one in at.rollout.workloads if one.ordered and one.observed}
    for pod in at.rollout.pods:
        old = pod.revision != at.rollout.revision and pod.phase in {"Pending", "Running"}
        if old and pod.owner in waiting and not pod.ready:
            yield trouble(
                False,
                "old-pod-not-ready",
                f"{pod.owner} replaces no pod before {pod.name}, an old one, is ready",
                _why_not(pod),
                f"remove it, so that it is made anew: `kubectl delete pod {pod.name}`; "
                "`podManagementPolicy: Parallel` waits for none",
            )


def _why_not(pod: Pod) -> tuple[str, ...]:
    """Return why an old pod's containers are not ready, in the kubelet's words."""
    told = (
        (one, one.waiting, (one.message or one.probe_message).partition("\n")[0])
        for one in pod.containers
    )
    return tuple(
        ": ".join(filter(None, (one.name, waiting or "not ready", words)))
        for one, waiting, words in told
        if not one.ready
    )
