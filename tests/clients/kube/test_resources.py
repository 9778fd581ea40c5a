from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.clients.kube.resources import Resource, kinds_of, segment
from tui.model.faults import FaultError

DEPLOYMENT = Resource("apps/v1", "Deployment", "deployments", namespaced=True)
NODE = Resource("v1", "Node", "nodes", namespaced=False)


def test_paths_follow_group_and_scope() -> None:
    assert DEPLOYMENT.path("shop", "web") == "/apis/apps/v1/namespaces/shop/deployments/web"
    assert DEPLOYMENT.path() == "/apis/apps/v1/deployments"
    assert NODE.path("shop", "one") == "/api/v1/nodes/one"


def test_subresources_are_no_kinds() -> None:
    answer = {
        "groupVersion": "v1",
        "resources": [
            {"name": "nodes", "kind": "Node", "namespaced": False},
            {"name": "nodes/status", "kind": "Node", "namespaced": False},
            {"name": "pods/eviction", "kind": "Eviction", "namespaced": True},
        ],
    }
    assert kinds_of(answer) == {"Node": NODE}


@given(st.text(min_size=1))
def test_no_name_leads_to_another_object(name: str) -> None:
    with suppress(FaultError):
        path = NODE.path("", name)
        assert path.count("/") == 4
        assert not {"?", "#", "%"} & set(path)
        assert not path.endswith(("/.", "/.."))


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../secrets/x", "a?watch=1", "a b", "ä"])
def test_names_that_would_are_refused(name: str) -> None:
    with pytest.raises(FaultError, match="not a name"):
        segment(name)


@pytest.mark.parametrize("name", ["web", "system:node-proxier", "a.b.c", "MixedCase"])
def test_names_of_the_api_are_taken(name: str) -> None:
    assert segment(name) == name
