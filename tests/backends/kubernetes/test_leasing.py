from typing import cast

import pytest

from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.leasing import (
    DURATION,
    Holder,
    holder_of,
    is_free,
    lease_object,
    leased,
)
from tui.model.faults import Fault, FaultError

ME = Holder("ann", "host-1", "greeter-1/development")


def lease(identity: str) -> dict[str, object]:
    return dict(lease_object("redraft-greeter", {}, identity, "12"))


@pytest.mark.parametrize(
    ("identity", "unrenewed", "free"),
    [
        ("", 0, True),
        ("bob@host-2/greeter-2/development/77", 0, False),
        ("bob@host-2/greeter-2/development/77", DURATION - 0.1, False),
        ("bob@host-2/greeter-2/development/77", DURATION, True),
        ("ann@host-1/greeter-2/development/77", 0, False),
        ("ann@host-1/greeter-1/development/1", 0, True),
    ],
)
def test_a_lease_is_taken_when_free_ours_or_long_not_renewed(
    identity: str, unrenewed: float, free: bool
) -> None:
    assert is_free(lease(identity), ME, unrenewed) is free


def test_no_lease_at_all_is_free() -> None:
    assert is_free(None, ME, 0)


def test_a_lease_is_written_over_the_version_it_was_decided_on_only() -> None:
    written = lease(ME.identity)
    assert written["metadata"] == {
        "name": "redraft-greeter",
        "labels": {},
        "resourceVersion": "12",
    }
    assert holder_of(written).startswith("ann@host-1/greeter-1/development/")


class Nowhere:
    """A cluster without the namespace: nothing is found, and nothing can be made."""

    namespace = "shop"

    async def session(self) -> "Nowhere":
        return self

    async def get(self, path: str) -> None:
        raise FaultError(Fault("api-not-found", f"the cluster has no {path}"))

    async def post(self, path: str, body: object) -> None:
        await self.get(path)


@pytest.mark.timeout(30)
async def test_without_a_namespace_nobody_is_waited_for() -> None:
    with pytest.raises(FaultError) as raised:
        async with leased(cast("Cluster", Nowhere()), "greeter", ME, lambda event: None):
            pass
    assert raised.value.fault.code == "namespace-missing"
