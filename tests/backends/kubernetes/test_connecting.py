from dataclasses import replace

import pytest

from tui.backends.kubernetes.connecting import (
    PortPair,
    is_deleted,
    parse_pairs,
    pod_to_reach,
    port_of,
)
from tui.model.rollouts import Container, Phase, Pod, Rollout, Termination

READY = (Container("main", ready=True, running=True),)
STARTING = (Container("main", running=True),)


def pod(name: str, revision: int, phase: Phase = "Running", *, ready: bool = True) -> Pod:
    return Pod(name, revision, phase, READY if ready else STARTING, address=f"10.0.0.1:{revision}")


@pytest.mark.parametrize(
    ("pods", "current", "expected"),
    [
        ((), "", ""),
        ((pod("b", 1), pod("a", 1)), "", "a"),
        ((pod("b", 1), pod("a", 1)), "b", "b"),
        ((pod("old", 1), pod("new", 2, ready=False)), "old", "old"),
        ((pod("old", 1), pod("new", 2)), "old", "new"),
        ((pod("a", 1, "Terminating"), pod("b", 1)), "a", "b"),
        ((pod("a", 1, "Terminating"),), "a", ""),
    ],
)
def test_a_ready_pod_of_the_newest_revision_is_reached_and_kept(
    pods: tuple[Pod, ...], current: str, expected: str
) -> None:
    assert pod_to_reach(Rollout(2, pods=pods), current) == expected


NEVER_RAN = (Container("main", waiting="ContainerCreating"),)
ENDED = Termination(1)


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (Pod("new", 2, "Pending"), "new"),
        (Pod("new", 2, "Pending", NEVER_RAN), "new"),
        (Pod("new", 2, "Running", STARTING), "new"),
        (Pod("new", 2, "Running", (Container("setup", kind="init", last=ENDED),)), "new"),
        (Pod("new", 2, "Running", (Container("main", restarts=1),)), "old"),
        (Pod("new", 2, "Running", (Container("main", last=ENDED),)), "old"),
        (Pod("new", 2, "Running", (Container("main", probe_message="HTTP 500"),)), "old"),
        (Pod("new", 2, "Terminating", STARTING), "old"),
        (Pod("new", 2, "Failed"), "old"),
        (Pod("new", 2, "Running", STARTING, node_lost=True), "old"),
    ],
)
def test_a_pod_that_answers_is_reached_until_its_kubelet_says_otherwise(
    new: Pod, expected: str
) -> None:
    rollout = Rollout(2, pods=(pod("old", 1), new))
    assert pod_to_reach(rollout, "old", "new") == expected
    assert pod_to_reach(rollout, "old", "another") == "old"


def test_a_pod_whose_node_is_lost_is_left_for_another() -> None:
    lost = replace(pod("a", 2), node_lost=True)
    assert pod_to_reach(Rollout(2, pods=(lost, pod("b", 2))), "a") == "b"


def test_before_anything_was_observed_there_is_no_pod() -> None:
    assert pod_to_reach(None, "a") == ""
    assert port_of(None) == 0


def test_the_pods_port_is_the_one_they_answer_on() -> None:
    assert port_of(Rollout(1, pods=(Pod("a", 1, "Pending"), pod("b", 8)))) == 8


def test_pairs_of_draft_toml_are_local_and_remote() -> None:
    assert parse_pairs(("8080:80", "9090")) == (PortPair(8080, 80), PortPair(9090, 9090))


def test_no_pod_is_to_come_where_nothing_is_released() -> None:
    assert is_deleted(Rollout(0))
    assert not is_deleted(None), "it is not known yet"
    assert not is_deleted(Rollout(0, begun=True)), "the first release is under way"
    assert not is_deleted(Rollout(1)), "its pods may be on their way"
