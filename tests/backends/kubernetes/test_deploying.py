from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.deploying import Deployer, forgettable, is_anothers, next_revision
from tui.backends.kubernetes.leasing import Holder
from tui.backends.kubernetes.objects import Objects
from tui.backends.kubernetes.picture import picture
from tui.backends.kubernetes.records import Mark, Record, Ref, is_whole
from tui.backends.kubernetes.recovering import is_old, whole_revision
from tui.backends.kubernetes.standing import NEVER, wanted_of
from tui.clients.helm.releases import HelmRevision
from tui.model.faults import Fault
from tui.model.images import Image
from tui.model.releases import Outcome, Release, ReleaseSpec

PENDING = Release(2, Image("a", "t"), ReleaseSpec(deadline=100.0), host="there", started=1000.0)
REF = Ref("apps/v1", "Deployment", "team", "app")
WHOLE = Record(
    replace(PENDING, revision=1, outcome="ready"),
    "chart",
    1,
    (Mark("Deployment", "app", "u", 5, "1"),),
    (REF,),
    ("5d",),
    1,
)


def test_numbers_rise_after_the_newest_record() -> None:
    assert next_revision(()) == 1
    assert next_revision((WHOLE, Record(replace(PENDING, revision=9)))) == 10


def test_of_many_releases_the_newest_and_the_last_good_one_are_kept() -> None:
    failed = [Record(replace(PENDING, revision=n, outcome="failed")) for n in range(3, 30)]
    good = Record(replace(PENDING, revision=2, outcome="ready"))
    assert forgettable((WHOLE, good, *failed)) == {1, *range(3, 11)}
    assert forgettable((WHOLE, good)) == set()


@pytest.mark.parametrize(
    ("host", "now", "outcome", "left"),
    [
        ("here", 1050.0, "interrupted", True),
        ("there", 1050.0, "interrupted", False),
        ("here", 1101.0, "interrupted", False),
        ("here", 1050.0, "ready", False),
    ],
)
def test_a_pending_release_of_another_machine_is_left_to_it_until_its_deadline(
    host: str, now: float, outcome: str, left: bool
) -> None:
    told = replace(PENDING, outcome=outcome)  # type: ignore[arg-type]
    assert is_anothers(PENDING, told, host, now) is left


@pytest.mark.parametrize("before", [WHOLE, replace(WHOLE, means="outside", marks=())])
def test_of_a_release_that_was_only_begun_nothing_runs_yet(before: Record) -> None:
    wanted = wanted_of((before, Record(PENDING)), "team")
    assert wanted.revision == 2
    assert wanted.members == {("Deployment", "app")}
    assert wanted.generations == {("Deployment", "app"): NEVER}
    assert wanted.revisions == {"5d": 1}


def test_what_a_release_has_in_other_namespaces_is_not_looked_for_in_its_own() -> None:
    aside = (replace(REF, namespace="aside", name="other"), replace(REF, namespace="aside"))
    assert not wanted_of((replace(WHOLE, objects=aside),), "team").members
    both = wanted_of((replace(WHOLE, objects=(REF, *aside)),), "team")
    assert both.members == {("Deployment", "app")}


def test_a_release_that_helm_failed_at_is_not_whole() -> None:
    failed = replace(WHOLE, pieces=0, fault=Fault("helm-failed", "helm could not"))
    assert failed.helm_revision
    assert not is_whole(failed)


@pytest.mark.parametrize("before", [(), (WHOLE,)])
def test_of_a_release_whose_deploy_failed_the_cause_is_known(before: tuple[Record, ...]) -> None:
    fault = Fault("helm-failed", "helm could not deploy the chart")
    failed = Record(replace(PENDING, outcome="failed", cause="helm-failed"), fault=fault)
    shown = picture(Objects({}), wanted_of((*before, failed), "team"))
    assert (shown.revision, shown.serving, shown.failed) == (2, 0, fault)


@pytest.mark.parametrize("records", [(), (Record(PENDING),), (replace(WHOLE, deleted=True),)])
def test_nothing_is_wanted_before_the_first_release_was_asked_for_and_after_delete(
    records: tuple[Record, ...],
) -> None:
    assert wanted_of(records, "team").revision == 0


def revisions(*statuses: str) -> list[HelmRevision]:
    return [HelmRevision(number, status) for number, status in enumerate(statuses, start=1)]


def test_a_release_is_recovered_to_its_last_whole_revision_or_else_to_its_first() -> None:
    assert whole_revision(revisions("superseded", "failed", "deployed", "pending-upgrade")) == 3
    assert whole_revision(revisions("superseded", "failed", "pending-upgrade")) == 1
    assert whole_revision(revisions("pending-install")) == 1


def test_another_s_helm_counts_as_dead_only_after_its_own_timeout() -> None:
    pending = HelmRevision(1, "pending-install", 1000.0)
    assert not is_old(pending, 1299.0)
    assert is_old(pending, 1301.0)
    assert not is_old(HelmRevision(1, "pending-install"), 1e12)


class OneRecord:
    """A ledger that holds one record, and a chronology that mends nothing."""

    def __init__(self, record: Record) -> None:
        self.held = record
        self.meanwhile = record
        """What another redraft makes of it while it is settled."""

    async def record(self, revision: int) -> Record:
        return self.held

    async def mended_once_idle(self, record: Record) -> Record:
        return record

    async def change(self, revision: int, decide: Callable[[Record], Record | None]) -> None:
        decide(self.held)  # in vain, for another was faster
        self.held = decide(self.meanwhile) or self.meanwhile


@pytest.mark.parametrize(("theirs", "settled"), [(0.0, "ready"), (60.0, "pending")])
async def test_a_release_of_the_same_number_in_a_history_begun_anew_is_not_settled(
    theirs: float, settled: Outcome
) -> None:
    found = replace(PENDING, started=PENDING.started + theirs)
    ledger = cast(Any, OneRecord(Record(found)))
    deployer = Deployer(cast(Cluster, None), ledger, ledger, "app", Holder("ann", "there", "f"))
    await deployer.settle(replace(PENDING, outcome="ready"), ())
    assert ledger.held.release == replace(found, outcome=settled)


async def test_a_release_that_is_deleted_while_it_is_settled_stays_deleted() -> None:
    ledger = cast(Any, OneRecord(Record(PENDING)))
    ledger.meanwhile = Record(PENDING, deleted=True)
    deployer = Deployer(cast(Cluster, None), ledger, ledger, "app", Holder("ann", "there", "f"))
    await deployer.settle(replace(PENDING, outcome="failed"), ())
    assert ledger.held == Record(replace(PENDING, outcome="failed"), deleted=True)


async def test_one_that_began_anew_under_its_number_while_it_is_settled_is_left_alone() -> None:
    ledger = cast(Any, OneRecord(Record(PENDING)))
    ledger.meanwhile = Record(replace(PENDING, started=PENDING.started + 60.0))
    deployer = Deployer(cast(Cluster, None), ledger, ledger, "app", Holder("ann", "there", "f"))
    await deployer.settle(replace(PENDING, outcome="failed"), ())
    assert ledger.held is ledger.meanwhile
