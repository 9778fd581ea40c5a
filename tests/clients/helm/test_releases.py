import json

import pytest

from tui.clients.helm.releases import HelmRevision, Hook, parse_list, parse_release, unix_time

LISTED = {
    "name": "demo",
    "namespace": "team-a",
    "revision": "4",
    "updated": "2026-11-25 14:39:33.579034213 +0000 UTC",
    "status": "pending-upgrade",
    "chart": "demo-0.1.0",
    "app_version": "1.16.0",
}
RELEASE = {
    "name": "demo",
    "info": {
        "first_deployed": "2026-11-25T14:39:33.579034213Z",
        "last_deployed": "2026-11-25T14:39:33.579034213Z",
        "description": "Install complete",
        "status": "deployed",
        "notes": "Hello\n",
    },
    "chart": {"metadata": {"name": "demo", "version": "0.1.0"}},
    "config": {"replicaCount": 0},
    "manifest": "---\nkind: Pod\n",
    "version": 1,
    "namespace": "team-a",
}


def test_a_list_is_read_with_its_numbers_as_texts_and_its_times_in_go_s_notation() -> None:
    (revision,) = parse_list(json.dumps([LISTED]))
    assert revision == HelmRevision(4, "pending-upgrade", 1795617573.579034, "demo-0.1.0", "")
    assert revision.pending


def test_an_empty_list_is_one_whether_helm_writes_brackets_or_null() -> None:
    assert parse_list("[]") == parse_list("null") == ()


def test_a_release_has_revision_manifest_values_and_notes() -> None:
    release = parse_release(json.dumps(RELEASE))
    assert release.revision.revision == 1
    assert release.revision.status == "deployed"
    assert release.revision.chart == "demo-0.1.0"
    assert release.manifest == "---\nkind: Pod\n"
    assert release.values == {"replicaCount": 0}
    assert release.notes == "Hello\n"


def test_a_release_s_hooks_are_known_by_kind_and_name() -> None:
    hooks = [{"name": "migrate", "kind": "Job", "path": "a.yaml"}, {"kind": "Pod"}]
    found = parse_release(json.dumps({**RELEASE, "hooks": hooks})).hooks
    assert found == (Hook("Job", "migrate"), Hook("Pod", ""))
    assert parse_release(json.dumps({**RELEASE, "hooks": None})).hooks == ()


def test_a_chart_without_notes_and_values_has_empty_ones() -> None:
    info = {key: value for key, value in RELEASE["info"].items() if key != "notes"}  # type: ignore[attr-defined]
    release = parse_release(json.dumps({**RELEASE, "info": info, "config": None}))
    assert (release.notes, release.values) == ("", {})


@pytest.mark.parametrize("text", ["", "null", "{}", "[]", '"x"', '{"info": {}}', "Release ok"])
def test_what_is_no_release_is_a_value_error(text: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        parse_release(text)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-25T14:39:33Z", 1795617573.0),
        ("2026-11-25 16:39:33 +0200 CEST", 1795617573.0),
        ("yesterday", 0.0),
        ("", 0.0),
    ],
)
def test_times_are_read_in_both_notations(text: str, time: float) -> None:
    assert unix_time(text) == time
