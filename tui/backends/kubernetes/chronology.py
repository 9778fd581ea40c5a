"""The chronology: records with, after them, what was released outside redraft."""

import asyncio
import contextlib
import time
from dataclasses import replace

from tui.backends.kubernetes.by_chart import applied, description
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.helm_storage import HelmStorage
from tui.backends.kubernetes.kept_revisions import kept_revisions
from tui.backends.kubernetes.ledger import Ledger
from tui.backends.kubernetes.marking import WORKLOADS, marks_of
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.outside import KEPT, from_helm, from_workload
from tui.backends.kubernetes.records import Mark, Record, is_whole
from tui.backends.kubernetes.recovering import LOOK, is_old
from tui.clients.helm.releases import HelmRelease
from tui.clients.helm.verbs import Helm
from tui.model.faults import FaultError
from tui.model.frozen import frozen
from tui.model.images import Image
from tui.model.releases import Release

NOTHING = Record(Release(0, Image("", ""), outcome="ready"))
"""What stands before the first record."""


@frozen
class Chronology:
    """Tells everything that was released under one name."""

    cluster: Cluster
    ledger: Ledger
    helm: Helm
    storage: HelmStorage
    name: str

    async def records(self) -> tuple[Record, ...]:
        """Return all of it, oldest first; raises FaultError."""
        records = await self.ledger.records()
        if not records:
            return ()
        known = (*records[:-1], await self.mended(records[-1]))
        return (*known, *await self.outside(known))

    async def objects(self, *revisions: int) -> list[tuple[RawObject, ...]]:
        """Return what each release asked for; nothing where that is not known any more."""
        records = {record.release.revision: record for record in await self.records()}
        return [await self._objects(records.get(revision)) for revision in revisions]

    async def _objects(self, record: Record | None) -> tuple[RawObject, ...]:
        if record is None:
            return ()
        if record.pieces:
            return (await self.ledger.content(record)).documents
        if not record.helm_revision:
            return ()
        with contextlib.suppress(FaultError):  # helm keeps only so many
            deployed = await self.helm.status(self.name, record.helm_revision)
            return applied(deployed, self.cluster.namespace).content.documents
        return ()

    async def mended_once_idle(self, record: Record) -> Record:
        """Return it mended after the helm has ended that may still be at it; raises FaultError."""
        if not is_whole(record) and record.release.outcome == "pending":
            await self.helm.idle()
        return await self.mended(record)

    async def mended(self, record: Record) -> Record:
        """Return a record with what helm did for it, where redraft died before it was told."""
        if is_whole(record) or record.release.outcome != "pending":
            return record
        with contextlib.suppress(FaultError):  # without helm it stays as it is
            found = await self.storage.newest(self.name)
            if found is None or found.pending:
                return record
            deployed = await self.helm.status(self.name)
            if deployed.revision.description == description(record.release):
                return await self._with(record, deployed)
        return record

    async def _with(self, record: Record, deployed: HelmRelease) -> Record:
        done = applied(deployed, self.cluster.namespace)
        return replace(
            record,
            means="chart",
            helm_revision=done.helm_revision,
            objects=done.objects,
            ran=done.ran,
            marks=await marks_of(self.cluster, done.objects),
        )

    async def outside(self, records: tuple[Record, ...]) -> tuple[Record, ...]:
        """Return what somebody released after the newest record; before the first, by helm."""
        newest = records[-1] if records else NOTHING
        if newest.deleted or newest.release.outcome == "pending":
            return ()
        return await self._from_helm(records, newest) or await self._from_workloads(newest)

    async def helm_is_done(self) -> None:
        """Wait until no helm is at work on the release, or only a dead one; raises FaultError."""
        while (found := await self.storage.newest(self.name)) is not None and found.pending:
            if is_old(found, time.time()):
                return
            await asyncio.sleep(LOOK)

    async def newer_in_helm(self, records: tuple[Record, ...]) -> int:
        """Return the newest Helm revision where it came after these records, else 0."""
        with contextlib.suppress(FaultError):  # helm's storage is out of reach: nothing is known
            found = await self.storage.newest(self.name)
            if found and found.revision > last_in_helm(records):
                return found.revision
        return 0

    async def _from_helm(self, records: tuple[Record, ...], newest: Record) -> tuple[Record, ...]:
        known = last_in_helm(records)
        if records and not known:
            return ()
        found = await self.storage.newest(self.name)
        if found is None or found.revision <= known or found.uninstalled:
            return ()
        history = await self.helm.history(self.name)
        newer = [one.revision for one in history if one.revision > known and not one.pending]
        statuses = (self.helm.status(self.name, revision) for revision in newer[-KEPT:])
        told = await asyncio.gather(*statuses)
        return from_helm(told, newest, self.name, self.cluster.namespace)

    async def _from_workloads(self, newest: Record) -> tuple[Record, ...]:
        """Return what became of the first workload that was changed since."""
        if newest.release.outcome not in {"ready", "failed"}:
            return ()
        for mark in newest.marks:
            found = await self._from_workload(mark, newest)
            if found:
                return found
        return ()

    async def _from_workload(self, mark: Mark, newest: Record) -> tuple[Record, ...]:
        session = await self.cluster.session()
        try:
            path = WORKLOADS[mark.kind].format(self.cluster.namespace, mark.name)
            workload = await session.get(path)
            if workload["metadata"]["uid"] != mark.uid:
                return ()
            kept = await kept_revisions(self.cluster, mark.kind, workload)
        except FaultError as error:
            if error.fault.code in {"api-not-found", "api-forbidden"}:
                return ()
            raise
        return from_workload(kept, mark, newest, self.name)


def last_in_helm(records: tuple[Record, ...]) -> int:
    """Return the newest Helm revision on record, 0 when there is none."""
    return max((record.helm_revision for record in records), default=0)
