"""Which refusals of a dry run are final; what a real API server answers: see integration/kube."""

from collections.abc import Mapping
from typing import Any, cast

import pytest

from tui.backends.kubernetes.documents import Document
from tui.backends.kubernetes.validating import depends, validate
from tui.clients.kube.resources import Resource
from tui.model.faults import Fault, FaultError

UNDECLARED = "failed to create typed patch object: .spec.b: field not declared in schema"
ALLOCATED = "spec.ports[0].nodePort: Invalid value: 30100: provided port is already allocated"


def document(api_version: str, kind: str, name: str = "one", **spec: Any) -> Document:
    metadata = {"name": name}
    return Document(
        {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec}, f"{name}:1"
    )


GADGETS = document(
    "apiextensions.k8s.io/v1",
    "CustomResourceDefinition",
    group="example.com",
    names={"kind": "Gadget"},
)
GADGET = document("example.com/v1", "Gadget")
SERVICE = document("v1", "Service")
POD = document("v1", "Pod")
LIMITS = document("v1", "LimitRange")


@pytest.mark.parametrize(
    ("said", "wrong", "before", "may_pass"),
    [
        (UNDECLARED, GADGET, [GADGETS], True),
        (UNDECLARED, document("example.org/v1", "Gadget"), [GADGETS], False),
        (UNDECLARED, SERVICE, [GADGETS], False),
        (UNDECLARED, GADGET, [document("apiextensions.k8s.io/v1", GADGETS.object["kind"])], False),
        (ALLOCATED, SERVICE, [SERVICE], True),
        (ALLOCATED, SERVICE, [LIMITS], False),
        (UNDECLARED, SERVICE, [SERVICE], False),
        ("must be less than or equal to memory limit", POD, [LIMITS], True),
        ("must be less than or equal to memory limit", POD, [SERVICE], False),
        ('admission webhook "v.example.com" denied the request: no team', SERVICE, [], True),
        ("ValidatingAdmissionPolicy 'a' with binding 'b' denied request: no", SERVICE, [], True),
    ],
)
def test_what_an_object_before_may_mend_is_not_final(
    said: str, wrong: Document, before: list[Document], may_pass: bool
) -> None:
    assert depends(Fault("api-invalid", "it is invalid", evidence=(said,)), wrong, before) is (
        may_pass
    )


class Strict:
    """An API server to which all objects but definitions are invalid."""

    async def find(self, api_version: str, kind: str, place: str) -> Resource:
        return Resource(api_version, kind, f"{kind.lower()}s", namespaced=True)

    async def patch(
        self, path: str, query: Mapping[str, str], body: Mapping[str, Any], content_type: str
    ) -> Mapping[str, Any]:
        assert query["dryRun"] == "All"
        if body["kind"] == GADGETS.object["kind"]:
            return body
        raise FaultError(Fault("api-invalid", "it is invalid", evidence=(UNDECLARED,)))


async def test_the_first_object_that_is_invalid_by_itself_is_told() -> None:
    one = cast("Any", Strict())
    await validate(one, one, [GADGETS, GADGET], "shop")
    with pytest.raises(FaultError) as raised:
        await validate(one, one, [GADGETS, GADGET, SERVICE, POD], "shop")
    assert raised.value.fault.place == SERVICE.place
