"""What of a chart's hooks is the release's own."""

from typing import Any

import pytest

from tui.backends.kubernetes.hook_objects import hook_refs, is_hook_of, is_kept
from tui.backends.kubernetes.records import Ref
from tui.clients.helm.releases import Hook


def hooked(labels: dict[str, str] | None = None, **annotations: str) -> dict[str, Any]:
    told = {f"helm.sh/{key.replace('_', '-')}": value for key, value in annotations.items()}
    return {"metadata": {"labels": labels, "annotations": told or None}}


def test_of_a_releases_hooks_those_are_known_that_run_something_and_have_a_name() -> None:
    hooks = [
        Hook("Job", "migrate"),
        Hook("Pod", "test"),
        Hook("Secret", "made-before"),
        Hook("Job", ""),  # generateName
        Hook("Job", "migrate"),
    ]
    job, pod = Ref("batch/v1", "Job", "team", "migrate"), Ref("v1", "Pod", "team", "test")
    assert hook_refs(hooks, "team") == (job, pod)


@pytest.mark.parametrize(
    ("labels", "ours"),
    [
        (None, True),
        ({"app": "other"}, True),
        ({"app.kubernetes.io/instance": "app"}, True),
        ({"app.kubernetes.io/instance": "other"}, False),
        ({"release": "other"}, False),
        ({"app.kubernetes.io/instance": "app", "release": "prometheus"}, True),
    ],
)
def test_a_hook_may_say_that_it_is_another_release_s(
    labels: dict[str, str] | None, ours: bool
) -> None:
    assert is_hook_of(hooked(labels, hook="pre-install"), "app") is ours
    assert not is_hook_of(hooked(labels), "app")


@pytest.mark.parametrize(
    ("policy", "kept"), [("keep", True), (" Keep ", True), ("", False), ("delete", False)]
)
def test_what_is_to_be_kept_is_read_as_helm_does(policy: str, kept: bool) -> None:
    assert is_kept(hooked(hook="pre-install", resource_policy=policy)) is kept
    assert not is_kept(hooked())
