"""Deploying: one release into the cluster, from the lease to the record.

The order is made for being killed at any moment. The record is written before anything is changed,
with the outcome `pending`: whoever comes next sees that something was begun, looks at what runs and
settles it. It names the objects before they are applied without helm, so that they are pruned and
deleted whatever happens. What was asked for is added afterwards. A release that failed to be asked
for is recorded as failed; one that was interrupted stays pending.
"""

import time
from dataclasses import replace
from functools import partial

from tui.backends.kubernetes.applied import Applied, PartlyAppliedError, once_applied
from tui.backends.kubernetes.chronology import Chronology
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.elsewhere import see_watched, unwatched
from tui.backends.kubernetes.leasing import Holder, leased
from tui.backends.kubernetes.ledger import KEPT, Ledger
from tui.backends.kubernetes.marking import marks_of, settled_marks
from tui.backends.kubernetes.planning import Ask
from tui.backends.kubernetes.records import Means, Record, Ref, is_whole
from tui.backends.kubernetes.restarting import may_be_synced, restart
from tui.backends.kubernetes.turns import Hold, Turn
from tui.model import events as e
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.model.releases import Release
from tui.ports.telling import Steps


@frozen
class Deployer:
    """Takes one release at a time through lease, record and means."""

    cluster: Cluster
    ledger: Ledger
    chronology: Chronology
    name: str
    holder: Holder

    async def deploy(
        self, release: Release, means: Means, ask: Ask, steps: Steps
    ) -> tuple[Record, ...]:
        """Ask for the release and record it; return the history up to it. Raises FaultError.

        By which means is on record before: of a release that was only begun, helm may have a part.
        """
        async with leased(self.cluster, self.name, self.holder, steps.tell) as hold:
            records = await self._written_down(hold)
            planned = replace(release, revision=next_revision(records), outcome="pending")
            await hold()
            record = await self.ledger.add(Record(planned, means))
            try:
                turn = Turn(hold, partial(self._intend, record, hold))
                applied = await ask(planned, records, turn)
                with once_applied(applied.objects):
                    see_watched(applied.objects, self.cluster.namespace)
                    if may_be_synced(planned, records):
                        await restart(self.cluster, applied.objects, planned.image.name, hold)
                    await hold()
            except FaultError as error:
                try:
                    await self._failed(record, records, error)
                except FaultError as also:  # it stays pending, and is settled later
                    raise FaultError(_joined(error.fault, also.fault)) from error
                raise
            for workload in unwatched(applied.objects, self.cluster.namespace):
                steps.tell(e.Noticed(workload))
            whole = await self._complete(record, applied)
            await self._forget_old(records, hold)
            return (*records, whole)

    async def settle(self, release: Release, hashes: tuple[str, ...]) -> None:
        """Record what became of a release; one that another machine is at is left to it.

        One that a helm asked for that outlived its redraft stays pending: it may roll out now.
        """
        known = await self.ledger.record(release.revision)
        if known is None or not is_of(known, release):
            return
        if is_anothers(known.release, release, self.holder.host, time.time()):
            return
        mended = await self.chronology.mended_once_idle(known)
        if is_whole(mended) and not is_whole(known) and release.outcome == "interrupted":
            release = replace(release, outcome="pending")
        marks = await settled_marks(self.cluster, mended.marks)
        settled = replace(mended, release=release, hashes=hashes, marks=marks)

        def decide(now: Record) -> Record | None:
            """Leave it deleted where another redraft deleted it meanwhile."""
            return replace(settled, deleted=now.deleted) if is_of(now, release) else None

        await self.ledger.change(release.revision, decide)

    async def _written_down(self, hold: Hold) -> tuple[Record, ...]:
        """Return all records, after writing down what was released outside since."""
        records = await self.ledger.records()
        outside = await self.chronology.outside(records)
        for record in outside:
            await hold()
            await self.ledger.add(record)
        return (*records, *outside)

    async def _intend(self, record: Record, hold: Hold, objects: tuple[Ref, ...]) -> None:
        await hold()
        await self.ledger.replace(replace(record, objects=objects))

    async def _complete(self, record: Record, applied: Applied) -> Record:
        whole = replace(
            record,
            means=applied.means,
            helm_revision=applied.helm_revision,
            objects=applied.objects,
            ran=applied.ran,
            marks=await marks_of(self.cluster, applied.objects),
            applied=time.time(),
        )
        return await self.ledger.complete(whole, applied.content)

    async def _failed(self, record: Record, before: tuple[Record, ...], error: FaultError) -> None:
        """Record why it could not be asked for, and what came of it even so."""
        applied = error.objects if isinstance(error, PartlyAppliedError) else ()
        failed = replace(
            record,
            release=replace(record.release, outcome="failed", cause=error.fault.code),
            fault=error.fault,
            helm_revision=await self.chronology.newer_in_helm(before),
            objects=applied,
        )
        await self.ledger.replace(failed)

    async def _forget_old(self, records: tuple[Record, ...], hold: Hold) -> None:
        old = forgettable(records)
        if not old:
            return
        try:
            await self.ledger.forget(old, hold)
        except FaultError as error:
            if error.fault.code != "lease-lost":  # whoever took over does it
                raise


def forgettable(records: tuple[Record, ...]) -> set[int]:
    """Return the revisions that need not be kept beside a new one: the last good one is kept."""
    good = [record.release.revision for record in records if record.release.outcome == "ready"]
    return {record.release.revision for record in records[: -KEPT + 1]} - set(good[-1:])


def next_revision(records: tuple[Record, ...]) -> int:
    """Return the number after all that are known; the newest is never forgotten."""
    return max((record.release.revision for record in records), default=0) + 1


def is_of(record: Record, release: Release) -> bool:
    """Whether a record is that of the release, and not of its number in a history begun anew."""
    return record.release.started == release.started


def is_anothers(known: Release, told: Release, host: str, now: float) -> bool:
    """Whether another machine's redraft may still be waiting for this release's verdict.

    Whoever finds it pending cannot tell that redraft from a dead one before its deadline.
    """
    unfinished = known.outcome == "pending" and told.outcome == "interrupted"
    return unfinished and known.host != host and now < known.started + known.spec.deadline


def _joined(fault: Fault, also: Fault) -> Fault:
    """Return the fault of a release that failed where not even that could be recorded.

    Why it failed is told; that the cluster is out of reach may be the reason, and comes first to be
    mended.
    """
    if fault.kind == also.kind:
        return fault
    evidence = (*fault.evidence, also.sentence, *also.evidence)
    return replace(fault, kind=also.kind, evidence=evidence, remedy=also.remedy)
