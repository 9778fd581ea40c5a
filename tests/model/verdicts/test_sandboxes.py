"""Pods without a sandbox, in the words of a node with containerd 2.1.9 without its CNI plugin."""

from dataclasses import replace

import pytest

from tests.model.verdicts.pictures import NOW, RUNNING, judged, pod, waiting
from tui.model.rollouts import WarningEvent

SAID = (
    'failed to setup network for sandbox "{}": plugin type="nosuch" failed (add): '
    'failed to find plugin "nosuch" in path [/opt/cni/bin]'
)


def failed(attempt: int) -> WarningEvent:
    said = SAID.format(f"{attempt:064x}")
    message = f"Failed to create pod sandbox: rpc error: code = Unknown desc = {said}"
    return WarningEvent("FailedCreatePodSandBox", message, 1, NOW)


@pytest.mark.parametrize(("attempts", "outcome"), [(1, "progressing"), (3, "failed")])
def test_a_node_that_makes_no_sandbox_is_told_and_is_final_the_third_time(
    attempts: int, outcome: str
) -> None:
    warnings = tuple(failed(attempt) for attempt in range(attempts))
    verdict = judged(waiting("ContainerCreating", warnings=warnings))
    assert (verdict.outcome, verdict.cause) == (outcome, "sandbox-failed")
    assert verdict.sentence.startswith(
        "node node1 cannot make a sandbox for web-1: failed to setup network for sandbox: plugin t"
    )
    assert verdict.evidence == (SAID.format(f"{attempts - 1:064x}"),)


def test_a_sandbox_that_came_about_at_last_is_no_trouble() -> None:
    warnings = (failed(1), failed(2), failed(3))
    assert judged(waiting("ErrImagePull", warnings=warnings)).cause == "image-pull"
    init = replace(RUNNING, name="migrate", kind="init")
    app = replace(RUNNING, running=False, waiting="PodInitializing")
    assert judged(pod(init, app, phase="Pending", warnings=warnings)).cause == ""
