from dataclasses import replace

import pytest

from tui.model.podstates import new_and_old, pod_state, ready_count, workload_counts
from tui.model.rollouts import Container, Pod, Rollout, Termination, Workload

READY = Container("app", ready=True, running=True)
POD = Pod("web-1", 2, "Running", (READY,), node="node1")


@pytest.mark.parametrize(
    ("pod", "state"),
    [
        (POD, ("Running", "ready")),
        (replace(POD, phase="Terminating"), ("stopping", "pending")),
        (replace(POD, phase="Succeeded", containers=()), ("Succeeded", "done")),
        (replace(POD, phase="Failed", reason="Evicted"), ("Evicted", "failed")),
        (replace(POD, phase="Pending", node="", unschedulable="full"), ("no node", "pending")),
        (replace(POD, node_lost=True), ("node lost", "failed")),
        (replace(POD, gate="x is closed"), ("gate closed", "pending")),
    ],
)
def test_a_pod_as_a_whole_is_said_in_a_word(pod: Pod, state: tuple[str, str]) -> None:
    assert pod_state(pod) == state


@pytest.mark.parametrize(
    ("container", "state"),
    [
        (Container("app", waiting="ContainerCreating"), ("ContainerCreating", "pending")),
        (Container("app", waiting="ErrImagePull"), ("ErrImagePull", "failed")),
        (Container("app", waiting="CrashLoopBackOff"), ("CrashLoopBackOff", "failed")),
        (Container("app", running=True), ("not ready", "pending")),
        (Container("app", last=Termination(137, reason="OOMKilled")), ("OOMKilled", "failed")),
        (Container("app", last=Termination(0, reason="Completed")), ("Running", "ready")),
    ],
)
def test_a_pod_is_said_by_the_container_that_is_not_well(
    container: Container, state: tuple[str, str]
) -> None:
    assert pod_state(replace(POD, containers=(container, READY))) == state


def test_of_several_containers_the_one_in_trouble_says_the_state() -> None:
    waits = Container("app", waiting="PodInitializing")
    crashes = Container("migrate", kind="init", waiting="CrashLoopBackOff")
    assert pod_state(replace(POD, containers=(waits, crashes)))[0] == "CrashLoopBackOff"


def test_init_containers_are_not_counted_among_those_that_go_on() -> None:
    init = Container("migrate", kind="init", ready=True)
    sidecar = Container("proxy", kind="sidecar")
    assert ready_count(replace(POD, containers=(init, sidecar, READY))) == (1, 2)


def test_old_pods_are_apart_the_newest_first() -> None:
    pods = tuple(Pod(f"web-{n}", n, "Running") for n in (0, 2, 1))
    new, old = new_and_old(Rollout(2, pods=pods))
    assert [[pod.revision for pod in some] for some in (new, old)] == [[2], [1, 0]]


def test_a_workload_is_counted_and_a_job_that_is_done_is_complete() -> None:
    workload = Workload("Deployment", "web", 3, 2, 1, 3)
    assert workload_counts(workload) == ("1/3 ready", "2 updated", "3 available")
    assert workload_counts(replace(workload, complete=True)) == ("complete",)
