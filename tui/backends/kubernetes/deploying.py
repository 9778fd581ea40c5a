"""Deploying: one release into the cluster, from the lease to the record.

The order is made for being killed at any moment. The record is written before anything is changed,
with the outcome `pending`: whoever comes next sees that something was begun, looks at what runs and
settles it. What was asked for is added to the record afterwards. A release that failed to be asked
for is recorded as failed; one that was interrupted stays pending.
"""

from dataclasses import dataclass, replace

from tui.backends.kubernetes.applied import Applied
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.documents import ref_of
from tui.backends.kubernetes.leasing import Holder, leased
from tui.backends.kubernetes.ledger import KEPT, Ledger
from tui.backends.kubernetes.marking import marks_of
from tui.backends.kubernetes.planning import Ask
from tui.backends.kubernetes.records import Record
from tui.model.faults import FaultError
from tui.model.releases import Release
from tui.ports.telling import Steps


@dataclass(frozen=True, slots=True)
class Deployer:
    """Takes one release at a time through lease, record and means."""

    cluster: Cluster
    ledger: Ledger
    name: str
    holder: Holder

    async def deploy(self, release: Release, ask: Ask, steps: Steps) -> Record:
        """Ask for the release and record it; raises FaultError."""
        async with leased(self.cluster, self.name, self.holder, steps.tell):
            records = await self.ledger.records()
            planned = replace(release, revision=next_revision(records), outcome="pending")
            record = Record(planned)
            await self.ledger.add(record)
            try:
                applied = await ask(records)
            except FaultError as error:
                failed = replace(planned, outcome="failed", cause=error.fault.code)
                await self.ledger.replace(replace(record, release=failed))
                raise
            whole = await self._complete(record, applied)
            await self._forget_old(records)
            return whole

    async def _complete(self, record: Record, applied: Applied) -> Record:
        namespace = self.cluster.namespace
        refs = tuple(ref_of(document, namespace) for document in applied.content.documents)
        marks = await marks_of(self.cluster, refs)
        whole = replace(
            record,
            means=applied.means,
            helm_revision=applied.helm_revision,
            objects=refs,
            marks=marks,
        )
        return await self.ledger.complete(whole, applied.content)

    async def _forget_old(self, records: tuple[Record, ...]) -> None:
        old = {record.release.revision for record in records[: -KEPT + 1]}
        if old:
            await self.ledger.forget(old)


def next_revision(records: tuple[Record, ...]) -> int:
    """Return the number after all that are known; the newest is never forgotten."""
    return max((record.release.revision for record in records), default=0) + 1
