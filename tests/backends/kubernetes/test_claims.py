from typing import Any

from tui.backends.kubernetes.claims import claims_of, present_claims
from tui.model.places import Place


def stateful_set(*templates: str) -> dict[str, Any]:
    made = [{"metadata": {"name": one}} for one in templates]
    return {"metadata": {"name": "db"}, "spec": {"volumeClaimTemplates": made}}


def claim(name: str, *owners: str) -> dict[str, Any]:
    return {"metadata": {"name": name, "ownerReferences": [{"uid": one} for one in owners]}}


def test_claims_made_for_a_stateful_set_stay_without_it() -> None:
    claims = [claim("data-db-0"), claim("logs-db-12"), claim("data-db"), claim("data-db-a")]
    claims += [claim("data-other-db-0"), claim("more-data-db-0"), claim("data-db-0-old")]
    assert list(claims_of(stateful_set("data", "logs"), claims)) == ["data-db-0", "logs-db-12"]


def test_those_that_go_with_their_owner_do_not() -> None:
    assert list(claims_of(stateful_set("data"), [claim("data-db-0", "uid")])) == []


def test_a_stateful_set_without_storage_leaves_none() -> None:
    assert list(claims_of(stateful_set(), [claim("-db-0")])) == []


def test_the_command_that_removes_them_can_be_copied() -> None:
    told = present_claims(("data-db-0", "data-db-1"), Place("my context", "shop"))
    command = "kubectl --context 'my context' --namespace shop delete pvc data-db-0 data-db-1"
    assert f"`{command}`" in told
