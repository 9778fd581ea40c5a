from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.backends.kubernetes.shapes import shaped_alike

DEPLOYMENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "app", "labels": {"app": "app"}},
    "spec": {
        "replicas": 2,
        "paused": False,
        "containers": [{"name": "web", "env": [{"name": "A", "value": "1"}]}],
    },
}
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text())
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


def changed(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """Return the Deployment with one value put where the path leads to."""
    obj = deepcopy(DEPLOYMENT)
    at: Any = obj
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return obj


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("metadata", "name"), "other"),
        (("spec", "replicas"), 7),
        (("spec", "paused"), True),
        (("spec", "containers", 0, "env", 0, "value"), "2"),
        (
            ("spec", "containers", 0, "env"),
            [{"name": "A", "value": "1"}, {"name": "B", "value": ""}],
        ),
    ],
)
def test_another_value_of_the_same_type_is_the_same_shape(
    path: tuple[str | int, ...], value: object
) -> None:
    assert shaped_alike([changed(path, value)], [DEPLOYMENT])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("apiVersion",), "apps/v2"),
        (("kind",), "DaemonSet"),
        (("spec", "replicas"), "2"),
        (("spec", "replicas"), 2.0),
        (("spec", "replicas"), None),
        (("spec", "paused"), 0),
        (("spec", "replica"), 2),
        (("spec", "containers"), {"name": "web"}),
        (("spec", "containers"), []),
        (("spec", "containers", 0, "env", 0, "value"), 1),
        (("spec", "containers", 0, "env", 0, "values"), "1"),
        (("spec", "containers", 0, "env"), [{"name": "A"}]),
        (("metadata", "labels", "tier"), "web"),
    ],
)
def test_another_field_type_or_kind_is_another_shape(
    path: tuple[str | int, ...], value: object
) -> None:
    assert not shaped_alike([changed(path, value)], [DEPLOYMENT])


def test_each_object_needs_a_known_one_of_its_own_kind() -> None:
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "app"}}
    assert not shaped_alike([DEPLOYMENT, service], [DEPLOYMENT])
    assert shaped_alike([service], [DEPLOYMENT, service])
    assert not shaped_alike([{**service, "kind": "Pod"}], [service])


@given(VALUES)
def test_whatever_an_object_holds_it_has_its_own_shape(value: object) -> None:
    obj = {"apiVersion": "v1", "kind": "Anything", "metadata": {"name": "a"}, "spec": value}
    assert shaped_alike([obj], [deepcopy(obj)])
