import asyncio
from typing import Any, cast

import pytest

from tests.cluster import eventually
from tui.backends.kubernetes import leasing
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.leasing import (
    DURATION,
    Holder,
    holder_of,
    is_free,
    lease_object,
    leased,
)
from tui.model.events import Event, Noticed
from tui.model.faults import Fault, FaultError

ME = Holder("ann", "host-1", "greeter-1/development")
BOB = "bob@host-2/greeter-2/development/77"


async def held() -> None:
    """Hold on, for nobody took over."""


async def taken_over() -> None:
    raise FaultError(Fault("lease-lost", "bob took it over"))


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


class OneLease:
    """A cluster with one lease, which answers what was written as long as it is to."""

    namespace = "shop"

    def __init__(self) -> None:
        self.lease: dict[str, Any] = {}
        self.version = self.gets = 0
        self.loses_answers = self.keeps_answers = self.forbids_updates = False

    async def session(self) -> "OneLease":
        return self

    async def get(self, path: str) -> dict[str, Any]:
        self.gets += 1
        if not self.lease:
            raise FaultError(Fault("api-not-found", f"the cluster has no {path}"))
        return self.lease

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return await self.put(path, body)

    async def put(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        known = body["metadata"].get("resourceVersion", "")
        if known and self.forbids_updates:
            raise FaultError(Fault("api-forbidden", f"you may not update {path}"))
        if known and not self.lease:
            raise FaultError(Fault("api-not-found", f"the cluster has no {path}"))
        if self.lease and known != str(self.version):
            raise FaultError(Fault("api-conflict", f"{path} was changed meanwhile"))
        self.version += 1
        metadata = {**body["metadata"], "resourceVersion": str(self.version)}
        self.lease = {**body, "metadata": metadata}
        if self.loses_answers:
            self.loses_answers = False
            raise FaultError(Fault("api-unreachable", "the connection broke"))
        if self.keeps_answers:
            self.keeps_answers = False
            await asyncio.get_running_loop().create_future()
        return self.lease

    def taken_over(self, identity: str) -> dict[str, Any]:
        """Have somebody else write the lease; return it."""
        self.version += 1
        metadata = {"resourceVersion": str(self.version)}
        self.lease = {**lease(identity), "metadata": metadata}
        return self.lease


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> OneLease:
    monkeypatch.setattr(leasing, "RENEWED_EVERY", 0.01)
    monkeypatch.setattr(leasing, "ANSWERED_IN", 0.1)
    return OneLease()


async def test_a_lease_is_renewed_on_after_a_renewal_whose_answer_was_lost(
    cluster: OneLease,
) -> None:
    async with leased(cast("Cluster", cluster), "greeter", ME, lambda event: None):
        cluster.loses_answers = True
        await eventually(lambda: not cluster.loses_answers, 10)
        lost = cluster.version
        await eventually(lambda: cluster.version > lost, 10)


async def test_a_lease_is_given_back_while_a_renewal_is_under_way(cluster: OneLease) -> None:
    async with leased(cast("Cluster", cluster), "greeter", ME, lambda event: None):
        cluster.keeps_answers = True
        await eventually(lambda: not cluster.keeps_answers, 10)
    assert holder_of(cluster.lease) == ""


@pytest.mark.timeout(30)
async def test_a_renewal_that_is_not_answered_does_not_keep_the_next_one(
    cluster: OneLease,
) -> None:
    async with leased(cast("Cluster", cluster), "greeter", ME, lambda event: None):
        cluster.keeps_answers = True
        await eventually(lambda: not cluster.keeps_answers, 10)
        unanswered = cluster.version
        await eventually(lambda: cluster.version > unanswered, 10)


@pytest.mark.timeout(30)
async def test_a_lease_is_left_to_run_out_where_giving_it_back_is_not_answered(
    cluster: OneLease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leasing, "RENEWED_EVERY", 60.0)
    async with leased(cast("Cluster", cluster), "greeter", ME, lambda event: None):
        cluster.keeps_answers = True
    assert not cluster.keeps_answers


@pytest.mark.parametrize("identity", [BOB, ""])
async def test_a_lease_that_another_took_over_is_left_to_it_and_that_is_told(
    cluster: OneLease, identity: str
) -> None:
    told: list[Event] = []
    async with leased(cast("Cluster", cluster), "greeter", ME, told.append) as hold:
        await hold()
        taken = cluster.taken_over(identity)
        await eventually(lambda: told, 10)
        with pytest.raises(FaultError) as raised:
            await hold()
    assert cluster.lease is taken
    assert raised.value.fault.code == "lease-lost"
    assert told == [Noticed(raised.value.fault.sentence)]
    assert raised.value.fault.sentence.startswith(identity or "another redraft")


class Clocks:
    """Both clocks, as they go on while this process or its machine stands still."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monotonic, self.wall = 1000.0, 5000.0
        monkeypatch.setattr(leasing, "_moment", lambda: (self.monotonic, self.wall))


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    """Have no lease renewed but by who is about to change something."""
    monkeypatch.setattr(leasing, "ANSWERED_IN", 0.1)
    monkeypatch.setattr(leasing, "RENEWED_EVERY", 60.0)
    return Clocks(monkeypatch)


async def test_a_change_right_after_a_renewal_asks_for_no_other_one(clocks: Clocks) -> None:
    cluster = OneLease()
    async with leased(cast("Cluster", cluster), "greeter", ME, lambda event: None) as hold:
        version, gets = cluster.version, cluster.gets
        clocks.monotonic += leasing.FRESH - 0.1
        await hold()
        assert (cluster.version, cluster.gets) == (version, gets)
        clocks.monotonic += 0.1
        await hold()
        await hold()
        assert (cluster.version, cluster.gets) == (version + 1, gets)


@pytest.mark.parametrize(("asleep", "stopped"), [(0.0, 60.0), (60.0, 0.0)])
async def test_before_the_next_change_it_is_found_who_took_over_from_a_redraft_that_stood_still(
    clocks: Clocks, asleep: float, stopped: float
) -> None:
    cluster = OneLease()
    async with leased(cast("Cluster", cluster), "greeter", ME, lambda event: None) as hold:
        taken = cluster.taken_over(BOB)
        clocks.monotonic += stopped
        clocks.wall += stopped + asleep
        with pytest.raises(FaultError, match="bob@host-2") as raised:
            await hold()
    assert raised.value.fault.code == "lease-lost"
    assert cluster.lease is taken


@pytest.mark.parametrize("answered", [True, False])
async def test_a_renewal_in_vain_ends_what_is_done_only_once_the_lease_has_run_out(
    clocks: Clocks, answered: bool
) -> None:
    cluster = OneLease()
    async with leased(cast("Cluster", cluster), "greeter", ME, lambda event: None) as hold:
        cluster.loses_answers, cluster.keeps_answers = answered, not answered
        clocks.monotonic += DURATION - 0.1
        await hold()
        cluster.loses_answers, cluster.keeps_answers = answered, not answered
        clocks.monotonic += 0.1
        with pytest.raises(FaultError) as raised:
            await hold()
    assert raised.value.fault.code == "api-unreachable"


async def test_a_lease_that_somebody_deleted_is_made_anew_and_held_on(clocks: Clocks) -> None:
    cluster = OneLease()
    async with leased(cast("Cluster", cluster), "greeter", ME, lambda event: None) as hold:
        cluster.lease = {}
        clocks.monotonic += leasing.FRESH
        await hold()
        assert holder_of(cluster.lease) == ME.identity


@pytest.mark.parametrize("by_itself", [True, False])
async def test_a_lease_that_may_be_made_but_not_renewed_is_held_no_more_and_that_is_told_once(
    clocks: Clocks, monkeypatch: pytest.MonkeyPatch, by_itself: bool
) -> None:
    if by_itself:
        monkeypatch.setattr(leasing, "RENEWED_EVERY", 0.01)
    cluster, told = OneLease(), list[Event]()
    cluster.forbids_updates = True
    async with leased(cast("Cluster", cluster), "greeter", ME, told.append) as hold:
        if by_itself:
            await eventually(lambda: told, 10)
        for _ in range(2):
            clocks.monotonic += DURATION
            await hold()
    assert told == [Noticed(leasing.UNHELD)]
