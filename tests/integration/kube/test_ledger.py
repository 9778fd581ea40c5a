"""Records on a real cluster, where others write them too or remove some by hand."""

from dataclasses import replace

import pytest

from tests.cluster import kubectl
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.ledger import Ledger
from tui.backends.kubernetes.records import Content, Record
from tui.model.faults import FaultError
from tui.model.images import Image
from tui.model.releases import Release

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

RECORD = Record(Release(1, Image("registry/app", "abc"), started=1000.0))
SECRET = "redraft.v1.app.1"


@pytest.fixture
def ledger(cluster: Cluster) -> Ledger:
    return Ledger(cluster, "app")


async def test_a_record_is_changed_as_it_is_and_not_as_it_was_read(
    ledger: Ledger, namespace: str
) -> None:
    await ledger.add(RECORD)
    seen: list[Record] = []

    def settled(known: Record) -> Record:
        if not seen:  # another writes between the reading and the writing
            kubectl("-n", namespace, "label", "secret", SECRET, "touched=true")
        seen.append(known)
        return replace(known, release=replace(known.release, outcome="ready"))

    await ledger.change(1, settled)
    assert seen == [RECORD, RECORD]
    (changed,) = await ledger.records()
    assert changed.release.outcome == "ready"


async def test_when_it_was_made_is_known_at_once_and_by_whoever_reads_it(ledger: Ledger) -> None:
    added = await ledger.add(RECORD)
    await ledger.replace(added)
    assert added.made == int(added.made) > 1e9
    assert [record.made for record in await ledger.records()] == [added.made]


async def test_a_record_that_others_never_cease_to_change_is_told(
    ledger: Ledger, namespace: str
) -> None:
    await ledger.add(RECORD)
    tries: list[str] = []

    def late(known: Record) -> Record:
        tries.append(str(len(tries)))
        kubectl("-n", namespace, "annotate", "secret", SECRET, "--overwrite", f"n={tries[-1]}")
        return replace(known, deleted=True)

    with pytest.raises(FaultError) as raised:
        await ledger.change(1, late)
    assert raised.value.fault.code == "api-conflict"
    assert await ledger.records() == (RECORD,)


async def test_a_record_that_is_removed_meanwhile_is_not_written_again(
    ledger: Ledger, namespace: str
) -> None:
    await ledger.add(RECORD)

    def removed(known: Record) -> Record:
        kubectl("-n", namespace, "delete", "secret", SECRET)
        return replace(known, deleted=True)

    await ledger.change(1, removed)
    await ledger.change(1, removed)
    assert await ledger.records() == ()


async def test_content_that_a_removed_record_left_behind_is_written_over(
    ledger: Ledger, namespace: str
) -> None:
    await ledger.add(RECORD)
    await ledger.complete(RECORD, Content(({"kind": "old"},)))
    kubectl("-n", namespace, "delete", "secret", SECRET)
    await ledger.add(RECORD)
    whole = await ledger.complete(RECORD, Content(({"kind": "new"},)))
    assert await ledger.records() == (whole,)
    assert (await ledger.content(whole)).documents == ({"kind": "new"},)


async def test_a_release_that_another_deleted_while_it_was_asked_for_stays_deleted(
    ledger: Ledger, cluster: Cluster
) -> None:
    await ledger.add(RECORD)
    begun = replace(RECORD, means="chart")
    await ledger.replace(begun)
    await Ledger(cluster, "app").change(1, lambda known: replace(known, deleted=True))
    await ledger.complete(begun, Content())
    assert await ledger.records() == (replace(begun, deleted=True, pieces=1),)


async def test_a_record_of_a_history_begun_anew_is_not_written_over(
    ledger: Ledger, cluster: Cluster, namespace: str
) -> None:
    await ledger.add(RECORD)
    kubectl("-n", namespace, "delete", "secret", SECRET)
    await ledger.replace(replace(RECORD, means="chart"))
    assert await ledger.records() == ()
    theirs = replace(RECORD, release=replace(RECORD.release, started=2000.0))
    await Ledger(cluster, "app").add(theirs)
    await ledger.replace(replace(RECORD, means="chart"))
    assert await ledger.records() == (theirs,)
