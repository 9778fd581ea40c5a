"""The rows of the rollout panel: as much as there is room for, the most important first."""

from dataclasses import replace

import pytest

from tui.model.rollouts import Container, Pod, Rollout, Workload
from tui.view.panels.pods import present_pod, present_pods, present_workload

NOW = 1000.0
WORKLOAD = Workload("Deployment", "web", 3, 2, 1, 3, created=NOW - 6)
READY = Container("app", ready=True, running=True)
POD = Pod("web-7d9-x2k", 15, "Running", (READY,), NOW - 6, node="node1")


@pytest.mark.parametrize(
    ("width", "right"),
    [
        (70, "1/3 ready, 2 updated, 3 available, 5 s"),
        (50, "1/3 ready, 2 updated, 5 s"),
        (36, "1/3 ready, 5 s"),
        (20, "1/3 ready"),
    ],
)
def test_a_workload_is_counted_as_there_is_room(width: int, right: str) -> None:
    row = present_workload(WORKLOAD, NOW, width)
    assert row.cell_length <= width
    assert row.plain.endswith(right)


def test_a_pod_has_revision_state_node_and_age() -> None:
    (row,) = present_pod(POD, NOW, 60, 12)
    assert row.plain.split() == ["15", "web-7d9-x2k", "✔", "Running", "node1", "5", "s"]
    (narrow,) = present_pod(POD, NOW, 34, 12)
    assert narrow.plain.split() == ["15", "web-7d9-x2k", "✔", "Running", "5", "s"]


def test_names_get_what_the_rest_of_the_line_leaves() -> None:
    pods = tuple(replace(POD, name=f"microblog-10-{n}", node="") for n in (1, 2))
    rows = present_pods(Rollout(15, pods=pods), NOW, 38)
    assert [row.plain.split()[1] for row in rows] == ["microblog-10-1", "microblog-10-2"]
    assert all(row.plain.endswith("5 s") for row in rows)


def test_of_names_with_no_room_the_ends_are_shown_by_which_pods_differ() -> None:
    pods = tuple(replace(POD, name=f"a-rather-long-name-of-an-app-10-{n}") for n in (1, 2))
    rows = present_pods(Rollout(15, pods=pods), NOW, 38)
    assert [row.plain.split()[1] for row in rows] == ["of-an-app-10-1", "of-an-app-10-2"]


def test_a_pod_of_several_containers_names_the_one_that_is_not_well() -> None:
    proxy = Container("proxy", kind="sidecar", waiting="CrashLoopBackOff", restarts=3)
    head, below = present_pod(replace(POD, containers=(READY, proxy)), NOW, 60, 12)
    assert "✖ CrashLoopBackOff 1/2 3×" in head.plain
    assert below.plain.split() == ["sidecar", "proxy", "✖", "CrashLoopBackOff", "3×"]


def test_a_pod_without_a_node_says_what_the_scheduler_says() -> None:
    waits = replace(POD, phase="Pending", node="", unschedulable="1 Insufficient cpu.")
    head, below = present_pod(waits, NOW, 60, 12)
    assert "no node" in head.plain
    assert "1 Insufficient cpu." in below.plain


def test_pods_of_an_unknown_revision_come_last_and_bear_no_number() -> None:
    old = replace(POD, name="web-5c4-m1p", revision=0)
    rows = present_pods(Rollout(15, pods=(old, POD)), NOW, 60)
    assert [row.plain.split()[:2] for row in rows] == [["15", POD.name], ["–", old.name]]
