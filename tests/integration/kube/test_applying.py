from typing import Any

import pytest

from tests.cluster import exists
from tui.clients.kube.applying import apply, delete
from tui.clients.kube.resources import Resources
from tui.clients.kube.session import KubeSession
from tui.model.faults import FaultError

pytestmark = pytest.mark.integration


def config_map(**data: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "one"}, "data": data}


async def code_of(
    session: KubeSession, manifest: dict[str, Any], namespace: str
) -> tuple[str, str]:
    with pytest.raises(FaultError) as raised:
        await apply(session, Resources(session), manifest, namespace, place="app.yaml:7")
    return raised.value.fault.code, raised.value.fault.place


async def test_what_is_left_out_later_is_removed(session: KubeSession, namespace: str) -> None:
    resources = Resources(session)
    await apply(session, resources, config_map(a="1", b="2"), namespace)
    applied = await apply(session, resources, config_map(a="1"), namespace)
    assert applied["data"] == {"a": "1"}


async def test_a_dry_run_changes_nothing(session: KubeSession, namespace: str) -> None:
    applied = await apply(session, Resources(session), config_map(a="1"), namespace, dry_run=True)
    assert applied["data"] == {"a": "1"}
    assert not await exists(session, f"/api/v1/namespaces/{namespace}/configmaps/one")


async def test_a_field_of_another_manager_is_taken_by_force_only(
    session: KubeSession, namespace: str
) -> None:
    resources = Resources(session)
    await apply(session, resources, config_map(a="1"), namespace)
    await session.patch(
        f"/api/v1/namespaces/{namespace}/configmaps/one",
        {"fieldManager": "kubectl-edit"},
        {"data": {"a": "theirs"}},
    )
    with pytest.raises(FaultError) as raised:
        await apply(session, resources, config_map(a="2"), namespace, place="app.yaml:1")
    fault = raised.value.fault
    assert (fault.code, fault.place) == ("api-conflict", "app.yaml:1")
    assert "`kubectl-edit`" in fault.sentence
    assert any(".data.a" in line for line in fault.evidence)
    applied = await apply(session, resources, config_map(a="2"), namespace, force=True)
    assert applied["data"] == {"a": "2"}


async def test_what_cannot_be_applied_is_told_with_its_place(
    session: KubeSession, namespace: str
) -> None:
    unknown = {"apiVersion": "v1", "kind": "Gadget", "metadata": {"name": "x"}}
    unserved = {"apiVersion": "toys.example/v1", "kind": "Gadget", "metadata": {"name": "x"}}
    nameless = {"apiVersion": "v1", "kind": "ConfigMap"}
    escaping = config_map() | {"metadata": {"name": "../secrets/x"}}
    deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "x"}}
    invalid = deployment | {"spec": {"replicas": -1}}
    place = "app.yaml:7"
    assert await code_of(session, unknown, namespace) == ("kind-unknown", place)
    assert await code_of(session, unserved, namespace) == ("kind-unknown", place)
    assert await code_of(session, nameless, namespace) == ("manifest-incomplete", place)
    assert await code_of(session, escaping, namespace) == ("name-invalid", place)
    assert await code_of(session, invalid, namespace) == ("api-invalid", place)


@pytest.mark.parametrize(
    ("version", "evidence"),
    [("apps/v9", ("the cluster serves apps/v1",)), ("toys.example/v1", ()), ("v9", ())],
)
async def test_a_version_that_is_not_served_is_told_with_those_that_are(
    session: KubeSession, version: str, evidence: tuple[str, ...]
) -> None:
    with pytest.raises(FaultError) as raised:
        await Resources(session).find(version, "Deployment")
    assert raised.value.fault.evidence == evidence


async def test_a_megabyte_is_applied_and_more_is_refused_with_the_api_s_words(
    session: KubeSession, namespace: str
) -> None:
    limit = 1 << 20
    applied = await apply(session, Resources(session), config_map(a="x" * limit), namespace)
    assert len(applied["data"]["a"]) == limit
    code, place = await code_of(session, config_map(a="x" * (limit + 1)), namespace)
    assert (code, place) == ("api-invalid", "app.yaml:7")


async def test_deleting_says_whether_it_was_there_and_spares_a_namesake(
    session: KubeSession, namespace: str
) -> None:
    resources = Resources(session)
    applied = await apply(session, resources, config_map(a="1"), namespace)
    resource = await resources.find("v1", "ConfigMap")
    with pytest.raises(FaultError) as raised:
        await delete(session, resource, namespace, "one", uid="another")
    assert raised.value.fault.code == "api-conflict"
    uid = applied["metadata"]["uid"]
    assert await delete(session, resource, namespace, "one", uid=uid)
    assert not await delete(session, resource, namespace, "one")
