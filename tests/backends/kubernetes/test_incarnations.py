from typing import Any

import pytest

from tui.backends.kubernetes.incarnations import Incarnation, Known, incarnations

ENDED = {"terminated": {"exitCode": 1}}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"state": {"running": {}}, "restartCount": 2}, Incarnation(2, ended=False)),
        ({"state": ENDED, "restartCount": 0}, Incarnation(0, ended=True)),
        (
            {"state": {"waiting": {}}, "lastState": ENDED, "restartCount": 3},
            Incarnation(3, ended=True, waits=True),
        ),
        ({"state": {"waiting": {}}, "lastState": {}, "restartCount": 0}, None),
    ],
)
def test_a_container_that_ever_ran_has_a_log(
    status: dict[str, Any], expected: Incarnation | None
) -> None:
    pod = {"status": {"containerStatuses": [{"name": "main", **status}]}}
    assert incarnations(pod).get("main") == expected


def test_init_containers_and_those_added_for_debugging_count_too() -> None:
    running = {"state": {"running": {}}, "restartCount": 0}
    pod = {
        "status": {
            "initContainerStatuses": [{"name": "prepare", **running}],
            "containerStatuses": [{"name": "main", **running}, {"name": "proxy", **running}],
            "ephemeralContainerStatuses": [{"name": "debugger", **running}],
        }
    }
    assert [*incarnations(pod)] == ["prepare", "main", "proxy", "debugger"]


def test_a_pod_that_was_not_scheduled_has_none() -> None:
    assert incarnations({"status": {"phase": "Pending"}}) == {}
    assert incarnations({}) == {}


def test_it_is_told_when_an_incarnation_and_the_one_before_it_began() -> None:
    ended = {"terminated": {"exitCode": 1, "startedAt": "1970-01-01T00:00:10Z"}}
    running = {"running": {"startedAt": "1970-01-01T00:00:20Z"}}
    statuses = [
        {"name": "runs", "state": running, "lastState": ended, "restartCount": 1},
        {"name": "waits", "state": {"waiting": {}}, "lastState": ended, "restartCount": 1},
    ]
    found = incarnations({"status": {"containerStatuses": statuses}})
    assert found["runs"] == Incarnation(1, ended=False, started=20.0, before=10.0)
    assert found["waits"] == Incarnation(1, ended=True, started=10.0, waits=True)


def test_of_a_container_that_waits_for_its_next_start_nothing_older_is_to_be_had() -> None:
    assert [Incarnation(restart, ended=False).oldest for restart in (0, 1, 3)] == [0, 0, 2]
    assert Incarnation(3, ended=True, waits=True).oldest == 3


def test_containers_are_told_apart_by_their_ids() -> None:
    here, before = ({"containerID": f"docker://{letter * 64}"} for letter in "ab")
    status = {"restartCount": 1, "lastState": {"terminated": before}}
    statuses = [
        {"name": "runs", "state": {"running": {}}, **here, **status},
        {"name": "waits", "state": {"waiting": {}}, **before, **status},
    ]
    found = incarnations({"status": {"containerStatuses": statuses}})
    assert found["runs"].known == Known(1, "a" * 12)
    assert found["runs"].oldest_known == Known(0, "b" * 12)
    assert found["waits"].oldest_known == Known(1, "b" * 12)


@pytest.mark.parametrize(
    ("restart", "container", "before", "expected"),
    [
        (5, "b", "a", 5),
        (2, "a", "", 4),
        (2, "b", "a", 5),
        (0, "b", "", 5),
        (0, "c", "b", 6),
        (7, "c", "b", 7),
        (0, "", "", 0),
    ],
    ids=[
        "the kubelet counts on",
        "it is the same one",
        "it follows on it",
        "the kubelet counts anew",
        "one came between",
        "more came between",
        "without ids the count is what there is",
    ],
)
def test_numbers_go_on_from_the_incarnation_that_is_known(
    restart: int, container: str, before: str, expected: int
) -> None:
    seen = Incarnation(restart, ended=False, container=container, container_before=before)
    assert seen.counted_from(Known(4, "a")).restart == expected
