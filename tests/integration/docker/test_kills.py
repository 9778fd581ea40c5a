"""redraft killed at each stage: the next one finds out where things stand."""

import json
import signal

import pytest

from tests.integration.docker.project import name_of
from tests.integration.redraft import Redraft
from tests.projects import greet
from tests.testbed import docker

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]


@pytest.mark.parametrize("stage", ["build", "deploy", "rollout"])
def test_redraft_killed_at_a_stage_is_made_up_for_by_the_next(redraft: Redraft, stage: str) -> None:
    redraft.good("up")
    greet(redraft.project, "hello two")
    killed = redraft.start("up", "--output", "json")
    assert killed.stdout is not None
    for line in killed.stdout:
        event = json.loads(line)
        if event["event"] == "StageStarted" and event["stage"] == stage:
            break
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    redraft.good("up")
    assert redraft.answer() == "hello two"
    running = docker("ps", "-q", "--filter", f"name={name_of(redraft.project)}").split()
    assert len(running) <= 2  # the old one may still be leaving
    assert redraft.json("history")[-1]["verdict"] == "ready"
