"""Containers that their liveness probe ends time and again, as the pod's status tells them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tui.backends.kubernetes.picture.containers import containers
from tui.model.rollouts import Container, WarningEvent

BEGAN, ENDED, AGAIN = 1_000.0, 1_030.0, 1_031.0
"""When the incarnation before began and ended, and when this one began."""
PATIENCE = 3 * 4 + 1 + 5.0
"""Of the probe: three failures, an answer that is waited for, and the time of ending."""
FAILED = WarningEvent(
    "Unhealthy",
    "Liveness probe failed: HTTP probe failed with statuscode: 404",
    last=300.0,
    container="main",
)


def seen(ended: dict[str, Any], *warnings: WarningEvent, **probes: Any) -> Container:
    """Return a container that runs again after it ended like that."""
    terminated = {"startedAt": told(BEGAN), "finishedAt": told(ENDED), **ended}
    status = {
        "name": "main",
        "ready": True,
        "restartCount": 4,
        "state": {"running": {"startedAt": told(AGAIN)}},
        "lastState": {"terminated": terminated},
    }
    pod = {
        "spec": {"containers": [{"name": "main", **probes}]},
        "status": {"containerStatuses": [status]},
    }
    (one,) = containers(pod, warnings)
    return one


def told(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()


LIVENESS = {"livenessProbe": {"httpGet": {"path": "/live", "port": 8080}, "periodSeconds": 4}}


@pytest.mark.parametrize(
    ("ended", "holds"),
    [
        ({"exitCode": 137}, 30 + PATIENCE),
        ({"exitCode": 0}, 30 + PATIENCE),
        ({"exitCode": 137, "startedAt": told(BEGAN - 9_000)}, 60 + PATIENCE),
        ({"exitCode": 1}, PATIENCE),
        ({"exitCode": 137, "reason": "OOMKilled"}, PATIENCE),
    ],
)
def test_who_was_ended_by_its_probe_is_believed_once_it_outlived_the_one_before(
    ended: dict[str, Any], holds: float
) -> None:
    assert seen(ended, **LIVENESS).steady_at == AGAIN + holds


def test_without_a_liveness_probe_nothing_is_to_be_outlived() -> None:
    assert seen({"exitCode": 137}).steady_at == AGAIN + 10


def test_a_probe_of_which_the_kubelet_tells_no_more_is_what_ended_it() -> None:
    assert seen({"exitCode": 137}, FAILED, **LIVENESS).failing_probe == "liveness"
    assert seen({"exitCode": 137, "reason": "OOMKilled"}, FAILED, **LIVENESS).failing_probe is None
    assert seen({"exitCode": 1}, FAILED, **LIVENESS).failing_probe is None
