"""What is known and told of a release that failed after it was begun."""

import asyncio
import time
from dataclasses import replace
from typing import Any, cast

import pytest

from tests.backends.kubernetes.test_deploying import PENDING, REF, WHOLE
from tests.backends.kubernetes.test_leasing import BOB, ME, OneLease, held
from tui.backends.kubernetes import deploying, leasing
from tui.backends.kubernetes.applied import Applied, PartlyAppliedError, refs_of
from tui.backends.kubernetes.by_manifests import ByManifests, released_before
from tui.backends.kubernetes.deploying import Deployer
from tui.backends.kubernetes.documents import Document
from tui.backends.kubernetes.pruning import Pruner
from tui.backends.kubernetes.records import Content, Record, is_whole
from tui.backends.kubernetes.standing import wanted_of
from tui.backends.kubernetes.turns import Turn
from tui.model.faults import Fault, FaultError, FaultKind
from tui.ports.telling import Steps

MAP = Document({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}})
STEPS = Steps(1, "deploy", lambda event: None)
MADE = 1_700_000_000.0
"""When the cluster says that a record was made."""


class NoCluster:
    """A cluster that is asked nothing."""

    namespace = "team"

    async def session(self) -> "NoCluster":
        return self


async def out_of_reach(*_: Any) -> None:
    raise FaultError(Fault("api-unreachable", "not there", kind="unreachable"))


async def test_where_pruning_fails_it_is_known_what_was_applied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def applied(*_: Any) -> str:
        return "ConfigMap settings"

    intended: list[Any] = []

    async def intend(objects: Any) -> None:
        intended.append(objects)

    monkeypatch.setattr(ByManifests, "_know_kinds", applied)
    monkeypatch.setattr("tui.backends.kubernetes.by_manifests.validate", applied)
    monkeypatch.setattr(ByManifests, "_apply", applied)
    monkeypatch.setattr(Pruner, "prune", out_of_reach)
    with pytest.raises(PartlyAppliedError) as raised:
        await ByManifests(cast(Any, NoCluster()), "greeter").deploy(
            [MAP], (), Turn(held, intend), STEPS
        )
    assert raised.value.objects == refs_of([MAP], "team")
    assert intended == [raised.value.objects]
    assert raised.value.fault.code == "api-unreachable"


def test_whose_an_object_is_only_whole_records_since_the_last_deletion_tell() -> None:
    begun = Record(PENDING, objects=(REF,))
    assert released_before([WHOLE, begun]) == {REF.identity}
    assert released_before([begun]) == set()
    assert released_before([WHOLE, replace(begun, deleted=True), begun]) == set()


class History:
    """The records of an image that files were synced into, and what is written after them."""

    def __init__(self) -> None:
        self.written: list[Record] = []

    async def records(self) -> tuple[Record, ...]:
        return (replace(WHOLE, release=replace(WHOLE.release, synced=True)),)

    async def outside(self, records: tuple[Record, ...]) -> tuple[Record, ...]:
        return ()

    async def newer_in_helm(self, records: tuple[Record, ...]) -> int:
        return 0

    async def add(self, record: Record) -> Record:
        self.written.append(record)
        return replace(record, made=MADE)

    async def replace(self, record: Record) -> None:
        self.written.append(record)


async def test_what_is_applied_is_on_record_before_also_where_nothing_is_recorded_after() -> None:
    history = cast(Any, History())

    async def ask(planned: Any, records: Any, turn: Turn) -> Applied:
        await turn.intend((REF,))
        raise asyncio.CancelledError

    deployer = Deployer(cast(Any, OneLease()), history, history, "app", ME)
    with pytest.raises(asyncio.CancelledError):
        await deployer.deploy(PENDING, "manifests", ask, STEPS)
    assert history.written[-1].objects == (REF,)
    assert history.written[-1].release.outcome == "pending"
    assert not is_whole(history.written[-1])


async def test_where_restarting_fails_it_is_on_record_what_was_applied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def ask(*_: Any) -> Applied:
        return Applied("manifests", Content(()), (there,))

    there = replace(REF, namespace=OneLease.namespace)
    monkeypatch.setattr(deploying, "restart", out_of_reach)
    history = cast(Any, History())
    deployer = Deployer(cast(Any, OneLease()), history, history, "app", ME)
    with pytest.raises(FaultError, match="not there"):
        await deployer.deploy(PENDING, "manifests", ask, STEPS)
    assert [record.objects for record in history.written] == [(), (there,)]


class Completed(History):
    """The records of a release that goes through."""

    async def complete(self, record: Record, content: Content) -> Record:
        self.written.append(record)
        return record


async def test_when_all_was_asked_for_is_on_record_and_wanted_to_be_known() -> None:
    asked = 0.0

    async def ask(*_: Any) -> Applied:
        nonlocal asked
        asked = time.time()
        return Applied("chart", Content(()), (), helm_revision=1)

    history = cast(Any, Completed())
    deployer = Deployer(cast(Any, OneLease()), history, history, "app", ME)
    records = await deployer.deploy(PENDING, "chart", ask, STEPS)
    wanted = wanted_of(records, "shop")
    assert wanted.applied >= asked > PENDING.started
    assert wanted.made == MADE


async def never(*_: Any) -> Applied:
    raise AssertionError("it was asked for")


class TakenOver(History):
    """The records of a release whose lease another takes over while they are read."""

    def __init__(self, cluster: OneLease, outside: tuple[Record, ...]) -> None:
        super().__init__()
        self._cluster = cluster
        self._outside = outside

    async def outside(self, records: tuple[Record, ...]) -> tuple[Record, ...]:
        self._cluster.taken_over(BOB)
        return self._outside


@pytest.mark.parametrize("outside", [(), (WHOLE,)])
async def test_nothing_is_put_on_record_of_what_another_took_over(
    monkeypatch: pytest.MonkeyPatch, outside: tuple[Record, ...]
) -> None:
    monkeypatch.setattr(leasing, "FRESH", 0.0)
    cluster = OneLease()
    history = cast(Any, TakenOver(cluster, outside))
    deployer = Deployer(cast(Any, cluster), history, history, "app", ME)
    with pytest.raises(FaultError, match="took this release over"):
        await deployer.deploy(PENDING, "manifests", never, STEPS)
    assert not history.written


class CutOff(History):
    """Loses its cluster once a record was begun."""

    async def replace(self, record: Record) -> None:
        await out_of_reach()


@pytest.mark.parametrize("code", ["helm-failed", "api-unreachable"])
async def test_why_a_release_failed_is_told_also_where_that_cannot_be_recorded(code: str) -> None:
    kind: FaultKind = "failed" if code == "helm-failed" else "unreachable"

    async def ask(*_: Any) -> Applied:
        raise FaultError(Fault(code, "it was in vain", kind=kind, evidence=("EOF",)))

    history = cast(Any, CutOff())
    deployer = Deployer(cast(Any, OneLease()), history, history, "app", ME)
    with pytest.raises(FaultError) as raised:
        await deployer.deploy(PENDING, "manifests", ask, STEPS)
    fault = raised.value.fault
    assert (fault.code, fault.sentence, fault.kind) == (code, "it was in vain", "unreachable")
    assert fault.evidence == (("EOF", "not there") if code == "helm-failed" else ("EOF",))
