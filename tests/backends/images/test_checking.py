"""Answers of `docker buildx inspect`, as buildx 0.29 gives them."""

import pytest

from tui.backends.images.checking import builder_checked


def inspected(driver: str, status: str) -> list[str]:
    head = ["Name:          far", f"Driver:        {driver}", "", "Nodes:", "Name:     far0"]
    return [*head, "Endpoint: tcp://127.0.0.1:21234", f"Status:   {status}"]


@pytest.mark.parametrize(
    ("driver", "status"),
    [("remote", "running"), ("docker", "running"), ("docker-container", "inactive")],
)
def test_a_builder_that_runs_or_that_buildx_starts_is_fine(driver: str, status: str) -> None:
    checked = builder_checked("far", 0, inspected(driver, status))
    assert (checked.outcome, checked.detail) == ("ok", f"far ({driver}, {status})")


def test_a_remote_builder_that_does_not_answer_is_told_with_its_place() -> None:
    checked = builder_checked("far", 0, inspected("remote", "inactive"))
    assert checked.outcome == "failed"
    assert checked.fault is not None
    assert (checked.fault.code, checked.fault.kind) == ("engine-unreachable", "unreachable")
    assert checked.fault.evidence == ("tcp://127.0.0.1:21234",)


def test_a_builder_that_is_not_there_is_told() -> None:
    checked = builder_checked("nope", 1, ['ERROR: no builder "nope" found'])
    assert checked.outcome == "failed"
    assert checked.fault is not None
    assert checked.fault.code == "builder-missing"
