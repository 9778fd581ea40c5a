"""Workloads: what is said by the workload itself, or not at all because it is gone. Pure."""

from collections.abc import Iterator

from tui.model.rollouts import Verdict
from tui.model.verdicts.scene import Scene, trouble


def absent(at: Scene) -> Iterator[Verdict]:
    """Tell workloads of the release that are not in the cluster."""
    for workload in at.rollout.workloads:
        if not workload.observed and not workload.created and workload.kind != "App":
            yield trouble(
                False,
                "workload-missing",
                f"{workload.label} is not there",
                (),
                "deploy again: somebody deleted it, or its namespace",
            )


def replaced(at: Scene) -> Iterator[Verdict]:
    """Tell workloads that somebody else changed since."""
    for workload in at.rollout.workloads:
        if workload.replaced:
            yield trouble(
                True,
                "replaced",
                f"somebody else changed {workload.label}: "
                f"its pods are not of revision {at.rollout.revision} any more",
                (),
                "go again to have yours back; `redraft history` tells theirs",
            )


def evicted(at: Scene) -> Iterator[Verdict]:
    """Tell pods that their node threw out."""
    for pod in at.pods:
        if pod.phase == "Failed" and pod.reason == "Evicted":
            yield trouble(
                False,
                "evicted",
                f"{pod.name} was evicted by its node: {pod.message.strip()}",
                (pod.message.strip(),),
                "use less of what it names, raise its limit, or free some of it on the node",
            )


def paused(at: Scene) -> Iterator[Verdict]:
    """Tell workloads that somebody paused."""
    for workload in at.rollout.workloads:
        if workload.paused and workload.updated < workload.desired:
            yield trouble(
                False,
                "paused",
                f"{workload.label} is paused and takes up no change",
                (),
                f"resume it: `kubectl rollout resume {workload.kind.lower()}/{workload.name}`",
            )
