"""Manifests of which one is valid only once another of them is applied, on a real cluster."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cluster import kubectl
from tests.integration.kube.deployed import Deployed
from tests.integration.kube.test_manifests import service, web, write

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


def definition(group: str, *fields: str) -> dict[str, Any]:
    """Return the definition of a kind whose objects have these texts in their spec."""
    texts = {field: {"type": "string"} for field in fields}
    spec = {"type": "object", "properties": texts}
    version = {
        "name": "v1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": spec}}},
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"gadgets.{group}"},
        "spec": {
            "group": group,
            "names": {"kind": "Gadget", "plural": "gadgets"},
            "scope": "Namespaced",
            "versions": [version],
        },
    }


def gadget(group: str, **fields: str) -> dict[str, Any]:
    metadata = {"name": "one"}
    return {"apiVersion": f"{group}/v1", "kind": "Gadget", "metadata": metadata, "spec": fields}


@pytest.fixture
def group(app: Deployed) -> Iterator[str]:
    """Return an API group that nobody has; its definitions are removed."""
    name = f"{app.name}.example.com"
    yield name
    kubectl("delete", "crd", f"gadgets.{name}", "--ignore-not-found", "--wait=false")


def test_a_definition_and_objects_of_its_kind_are_changed_in_one_release(
    app: Deployed, group: str
) -> None:
    write(app, gadget(group, a="1"), web(app), definition(group, "a"))
    app.up()
    for number, fields in enumerate((("a", "b"), ("a", "b", "c")), start=2):
        wanted = dict.fromkeys(fields, str(number))
        write(app, gadget(group, **wanted), web(app), definition(group, *fields))
        app.up()
        assert app.get(f"gadgets.{group}", "one")["spec"] == wanted
    app.redraft.good("rollback", "--yes")
    assert app.get(f"gadgets.{group}", "one")["spec"] == {"a": "2", "b": "2"}


def at_port(app: Deployed, name: str, port: int) -> dict[str, Any]:
    """Return a Service at a port of the nodes, 0 for any."""
    one = service(app)
    one["metadata"] = {"name": name}
    one["spec"]["type"] = "NodePort"
    if port:
        one["spec"]["ports"][0]["nodePort"] = port
    return one


def test_a_port_is_passed_on_from_one_service_to_the_next(app: Deployed) -> None:
    port, other = random.sample(range(30_000, 32_768), 2)
    write(app, at_port(app, "one", port), web(app))
    app.up()
    write(app, at_port(app, "one", other), at_port(app, "two", port), web(app))
    app.up()
    (served,) = app.get("service", "two")["spec"]["ports"]
    assert served["nodePort"] == port
