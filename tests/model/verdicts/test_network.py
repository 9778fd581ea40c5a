from dataclasses import replace
from typing import Any

import pytest

from tests.model.verdicts.pictures import READY, judged, pod
from tui.model.rollouts import Verdict
from tui.model.routes import Backend, Ingress, Service, ServicePort

SERVICE = Service("web", (ServicePort(80, "8080", 8080),), (("app", "web"),), ("web-1",), 1)
SERVING = replace(READY, listening=(8080,))
SILENT = replace(READY, listening=(9090,), listening_locally=(8080,))


def with_service(*containers: Any, **fields: Any) -> Verdict:
    pods = [pod(c, name=f"web-{n}") for n, c in enumerate(containers, start=1)]
    service = replace(SERVICE, selected=tuple(one.name for one in pods))
    return judged(*pods, serving=2, services=(replace(service, **fields),))


def test_a_service_whose_port_is_open_is_ready() -> None:
    assert with_service(SERVING).outcome == "ready"
    assert with_service(READY).outcome == "ready"  # what listens is not known


def test_a_port_that_no_pod_opens_is_told_with_what_is_open() -> None:
    verdict = with_service(SILENT)
    assert (verdict.outcome, verdict.cause) == ("failed", "service-wrong-port")
    assert "listens on 9090 (on 127.0.0.1 only: 8080)" in verdict.evidence[1]
    assert with_service(SILENT, SERVING).outcome == "ready"


@pytest.mark.parametrize(
    ("fields", "outcome", "cause"),
    [
        ({"selected": ()}, "failed", "service-no-endpoints"),
        ({"ready_endpoints": 0}, "progressing", "service-no-endpoints"),
        ({"ports": (ServicePort(80, "web"),)}, "failed", "service-wrong-port"),
        ({"selected": (), "selector": ()}, "ready", ""),
        ({"selected": (), "kind": "ExternalName"}, "ready", ""),
    ],
)
def test_services_that_lead_nowhere_are_told(
    fields: dict[str, Any], outcome: str, cause: str
) -> None:
    verdict = with_service(SERVING, **fields)
    assert (verdict.outcome, verdict.cause) == (outcome, cause)


@pytest.mark.parametrize(
    ("missing", "cause"), [("service", "ingress-no-service"), ("port", "ingress-no-port")]
)
def test_an_ingress_that_leads_nowhere_is_told(missing: str, cause: str) -> None:
    ingress = Ingress("web", (Backend("wbe", "80", missing=missing),))
    verdict = judged(pod(READY), serving=2, ingresses=(ingress,))
    assert (verdict.outcome, verdict.cause) == ("failed", cause)
    assert "wbe" in verdict.sentence


def test_pods_that_are_not_ready_are_told_before_the_ways_to_them() -> None:
    nothing = replace(SERVICE, selected=())
    verdict = judged(pod(replace(READY, ready=False)), services=(nothing,))
    assert (verdict.outcome, verdict.cause) == ("progressing", "")
