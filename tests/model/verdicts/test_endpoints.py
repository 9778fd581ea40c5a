"""What is said when pods are ready and yet do not answer to those outside."""

from dataclasses import replace

import pytest

from tests.model.verdicts.test_judging import READY, rollout
from tui.model.rollouts import Verdict
from tui.model.routes import Endpoint
from tui.model.verdicts import judge

GOOD = Endpoint("NodePort", "web", "http://127.0.0.1:30080", "answers", "HTTP 200")
BAD = Endpoint(
    "Ingress", "web", "http://shop.test", "failing", "HTTP 502 by 192.0.2.9", "endpoint-error"
)
WAITING = Endpoint("LoadBalancer", "web", "", "failing", "no address yet", "endpoint-no-address")


def verdict(*endpoints: Endpoint) -> Verdict:
    return judge(replace(rollout(READY, serving=2), endpoints=endpoints), 4e9)


def test_what_answers_is_no_matter() -> None:
    assert verdict(GOOD, replace(BAD, reach="unknown", cause="")) == Verdict("ready")


def test_an_error_through_the_ingress_is_a_warning_and_fails_nothing() -> None:
    said = verdict(BAD, GOOD)
    assert (said.outcome, said.cause) == ("ready", "endpoint-error")
    assert said.sentence == "ready, but HTTP 502 by 192.0.2.9 through Ingress web"
    assert said.evidence == ("Ingress web at http://shop.test: HTTP 502 by 192.0.2.9",)
    assert said.remedy


def test_an_address_that_is_missing_matters_only_where_nothing_answers() -> None:
    assert verdict(WAITING, GOOD) == Verdict("ready")
    assert verdict(WAITING).sentence == "ready, but LoadBalancer web has no address yet"
    assert verdict(WAITING, BAD).cause == "endpoint-error"


@pytest.mark.parametrize("cause", ["endpoint-unreachable", "endpoint-untrusted"])
def test_every_cause_has_a_remedy(cause: str) -> None:
    assert verdict(replace(BAD, cause=cause)).remedy


def test_what_is_not_ready_is_not_judged_by_its_endpoints() -> None:
    waits = replace(READY, ready=False, waiting="ContainerCreating")
    assert judge(replace(rollout(waits), endpoints=(BAD,)), 101.0).cause != "endpoint-error"
