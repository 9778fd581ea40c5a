from dataclasses import replace

import pytest

from tui.backends.images.delivering import delivery
from tui.config.environment import Environment, PushPolicy
from tui.model.faults import FaultError

PLAIN = Environment("development", "greeter")


@pytest.mark.parametrize(
    ("push", "registry", "context", "expected"),
    [
        ("auto", "", "docker-desktop", "shared"),
        ("auto", "r.example", "docker-desktop", "shared"),
        ("auto", "", "rancher-desktop", "shared"),
        ("auto", "", "kind-dev", "load"),
        ("auto", "", "minikube", "load"),
        ("auto", "", "k3d-dev", "load"),
        ("auto", "r.example", "kind-dev", "push"),
        ("auto", "r.example", "far", "push"),
        ("always", "r.example", "docker-desktop", "push"),
        ("never", "r.example", "far", "shared"),
        ("never", "r.example", "kind-dev", "load"),
    ],
)
def test_an_image_goes_the_shortest_way(
    push: PushPolicy, registry: str, context: str, expected: str
) -> None:
    environment = replace(PLAIN, push=push, registry=registry)
    assert delivery(environment, context) == expected


def test_a_cluster_that_runs_on_the_engine_needs_nothing() -> None:
    assert delivery(PLAIN, "far", shares_engine=True) == "shared"
    with_registry = replace(PLAIN, registry="r.example")
    assert delivery(with_registry, "far", shares_engine=True) == "push"


@pytest.mark.parametrize(("push", "context"), [("auto", "far"), ("always", "kind-dev")])
def test_without_a_registry_it_is_said_which_key_to_set(push: PushPolicy, context: str) -> None:
    with pytest.raises(FaultError) as raised:
        delivery(replace(PLAIN, push=push), context)
    assert raised.value.fault.code == "registry-missing"
    assert "[environments.development]" in raised.value.fault.remedy
