import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import cast

import pytest

from tui.cli.history import history_fields, present_release
from tui.cli.status import present_status, present_verdict, reached_picture, status_fields
from tui.config.environment import Environment
from tui.model.changes import Commit
from tui.model.images import Image
from tui.model.places import Place
from tui.model.releases import Release, unreadable
from tui.model.rollouts import Container, Pod, Rollout, Termination, Verdict, Workload
from tui.model.routes import Endpoint
from tui.ports.backend import Backend

ENVIRONMENT = Environment("development", "app", "local")
PLACE = Place("kind-dev", "shop")
NOW = 1000.0
GOING_ON = Verdict("progressing")
FAILED = Verdict("failed", "crash-loop", "it exited with code 1", ("boom",), "fix it")
ROLLOUT = Rollout(
    3,
    2,
    (Workload("App", "app", 1),),
    (Pod("app-3", 3, "Running", (Container("app", waiting="CrashLoopBackOff", restarts=4),)),),
    "http://127.0.0.1:9",
)


def test_status_has_its_documented_keys() -> None:
    fields = status_fields(ENVIRONMENT, PLACE, ROLLOUT, FAILED)
    documented = {"environment", "backend", "context", "namespace", "revision", "url", "watch"}
    assert documented | {"endpoints", "workloads", "pods", "verdict"} <= fields.keys()
    assert fields["pods"][0]["ready"] is False
    assert fields["verdict"]["cause"] == "crash-loop"


def test_status_says_what_goes_on_serving_and_why_the_new_one_does_not() -> None:
    text = "\n".join(present_status(ENVIRONMENT, PLACE, ROLLOUT, FAILED, NOW))
    for part in (
        "kind-dev · shop",
        "revision 3 failed",
        "revision 2 goes on serving",
        "CrashLoopBackOff",
        "fix it",
    ):
        assert part in text


REACHED = Rollout(
    3,
    3,
    endpoints=(
        Endpoint("NodePort", "app", "http://127.0.0.1:30080", "answers", "HTTP 200"),
        Endpoint("Ingress", "app", "http://shop.test", "unknown"),
    ),
)


def test_status_tells_every_address_with_its_answer() -> None:
    text = present_status(ENVIRONMENT, PLACE, REACHED, Verdict("ready"), NOW)
    assert "NodePort app  http://127.0.0.1:30080  HTTP 200" in text
    assert "Ingress app  http://shop.test  not answered yet" in text


def test_a_verdict_that_is_ready_with_a_warning_is_told_with_it() -> None:
    warned = Verdict("ready", "endpoint-error", "ready, but HTTP 502", ("HTTP 502",), "look")
    assert present_verdict(REACHED, warned) == [
        "ready, but HTTP 502 [endpoint-error]",
        "  | HTTP 502",
        "  → look",
    ]


class Observed:
    """A backend that tells prepared pictures, then waits."""

    def __init__(self, *pictures: Rollout) -> None:
        self._pictures = pictures

    async def observe(self) -> AsyncIterator[Rollout]:
        for one in self._pictures:
            yield one
        await asyncio.Event().wait()


async def test_the_answers_of_endpoints_are_waited_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answered = replace(REACHED, endpoints=REACHED.endpoints[:1])
    there = cast("Backend", Observed(REACHED, answered))
    assert await reached_picture(there) == answered
    monkeypatch.setattr("tui.cli.status.ANSWERS", 0.01)
    assert await reached_picture(cast("Backend", Observed(REACHED))) == REACHED


def test_before_the_first_release_status_says_how_to_begin() -> None:
    lines = present_status(ENVIRONMENT, PLACE, Rollout(0), Verdict("none"), NOW)
    assert lines[-1] == "nothing was released yet: `redraft up` begins"


def test_history_has_its_documented_keys_and_marks_the_current_one() -> None:
    release = Release(4, Image("app", "abcdef0123456789"), commit=Commit("0123456789ab", "main"))
    fields = history_fields(release, current=True)
    documented = {"revision", "image", "commit", "branch", "dirty", "changed", "trigger"}
    assert documented | {"started", "seconds", "verdict", "current"} <= fields.keys()
    assert present_release(release, current=True).startswith("*   4")
    assert "record-unreadable" in present_release(unreadable(4), current=True)


def test_a_termination_is_not_needed_to_show_a_pod() -> None:
    pod = Pod("p", 1, "Pending", (Container("app", last=Termination(1)),))
    lines = present_status(ENVIRONMENT, PLACE, Rollout(1, pods=(pod,)), GOING_ON, NOW)
    assert "  p  revision 1  ended  0/1 ready  restarts 0" in lines


def test_status_tells_workloads_then_new_pods_then_earlier_ones() -> None:
    workload = Workload("Deployment", "web", 2, 1, 1, 2, created=NOW - 90)
    ready = (Container("app", ready=True, running=True), Container("proxy", ready=True))
    new = Pod("web-new", 3, "Running", ready, NOW - 5, node="node1")
    old = Pod("web-old", 0, "Terminating", ready, NOW - 80, node="node2")
    rollout = Rollout(3, 0, (workload,), (old, new))
    assert present_status(ENVIRONMENT, PLACE, rollout, GOING_ON, NOW)[2:] == [
        "Deployment web  1/2 ready  1 updated  2 available  90 s old",
        "  web-new  revision 3  Running  2/2 ready  restarts 0  node1  5 s old",
        "earlier revisions:",
        "  web-old  revision unknown  stopping  2/2 ready  restarts 0  node2  80 s old",
    ]
