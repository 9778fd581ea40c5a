"""States: what pods and workloads are at, in a word or two, for every screen. Pure."""

from typing import Literal

from tui.model.rollouts import Container, Pod, Rollout, Workload

Weight = Literal["ready", "done", "pending", "failed", "none"]
"""How it is to be taken; an outcome, as icons know them."""

PHASES: dict[str, Weight] = {"Running": "ready", "Failed": "failed", "Succeeded": "done"}
BAD = ("BackOff", "Err", "Invalid")
"""What the kubelet's reasons of trouble hold, such as `ErrImagePull` and `CreateContainerError`."""


def pod_state(pod: Pod) -> tuple[str, Weight]:
    """Return a pod's state in a word, and its weight."""
    if pod.phase == "Terminating":
        return "stopping", "pending"
    if pod.reason:
        return pod.reason, "failed"
    if pod.unschedulable and not pod.node:
        return "no node", "pending"
    if pod.node_lost:
        return "node lost", "failed"
    states = [state for c in pod.containers if (state := container_state(c))]
    if states:
        return next((s for s in states if s[1] == "failed"), states[0])
    if pod.gate:
        return "gate closed", "pending"
    return pod.phase, PHASES.get(pod.phase, "pending")


def container_state(container: Container) -> tuple[str, Weight] | None:
    """Return what keeps a container from being ready, None when nothing does."""
    if container.ready:
        return None
    if container.waiting:
        bad = any(sign in container.waiting for sign in BAD)
        return container.waiting, "failed" if bad else "pending"
    if container.running:
        return "not ready", "pending"
    if container.last is None:
        return None
    ended = container.last.reason or "ended"
    return None if container.last.exit_code == 0 else (ended, "failed")


def ready_count(pod: Pod) -> tuple[int, int]:
    """Return how many of the containers that go on are ready, and how many there are."""
    lasting = [container for container in pod.containers if container.kind != "init"]
    return sum(container.ready for container in lasting), len(lasting)


def new_and_old(rollout: Rollout) -> tuple[list[Pod], list[Pod]]:
    """Return the pods of the wanted revision, and those of others, the newest of them first."""
    new = [pod for pod in rollout.pods if pod.revision == rollout.revision]
    old = [pod for pod in rollout.pods if pod.revision != rollout.revision]
    return new, sorted(old, key=lambda pod: -pod.revision)


def workload_counts(workload: Workload) -> tuple[str, ...]:
    """Return what is counted of a workload, the most important first."""
    if workload.complete:
        return ("complete",)
    return (
        f"{workload.ready}/{workload.desired} ready",
        f"{workload.updated} updated",
        f"{workload.available} available",
    )
