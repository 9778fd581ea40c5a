"""The ledger: the records of a release, kept in its namespace as Secrets.

A record is made with `create`, which the API refuses for a name that is taken: of two redrafts
that would write the same revision one is told so, whatever their clocks say. While the release is
asked for, who made it writes it over the version it wrote last. Where that is not there any more,
another took over and deleted the release, or settled it: then it is changed as anyone does, over
the version they read only.
"""

import logging
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.labels import PART, REVISION, selector
from tui.backends.kubernetes.objects import RawObject, version_of
from tui.backends.kubernetes.picture.reading import created
from tui.backends.kubernetes.records import (
    Content,
    Record,
    content_secrets,
    legible,
    read_content,
    read_record,
    record_secret,
    secret_name,
)
from tui.backends.kubernetes.turns import Hold
from tui.model.faults import Fault, FaultError
from tui.model.releases import UNREADABLE

log = logging.getLogger("redraft.kubernetes")
KEPT = 20
"""Releases on record, as many as helm is asked to keep."""
TRIES = 5
"""Times that a record is read and written where others change it in between."""


class Ledger:
    """Reads and writes the records of one release."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self._cluster = cluster
        self._name = name
        self._written: dict[int, str] = {}  # the versions that were written here last

    @property
    def path(self) -> str:
        """Where the records are among the API's resources."""
        return self._path()

    @property
    def query(self) -> dict[str, str]:
        """What selects them there."""
        return selector(release=self._name, part="release")

    async def records(self) -> tuple[Record, ...]:
        """Return all records, oldest first; raises FaultError."""
        session = await self._cluster.session()
        listed = await session.get(self.path, self.query)
        return self.read(listed.get("items", ()))

    def read(self, secrets: Iterable[RawObject]) -> tuple[Record, ...]:
        """Return the records in these Secrets, oldest first."""
        found = (self._read(secret) for secret in secrets)
        return tuple(
            sorted((r for r in found if r is not None), key=lambda record: record.release.revision)
        )

    async def record(self, revision: int) -> Record | None:
        """Return one record; None for one that is not there any more."""
        session = await self._cluster.session()
        secret = await _unless_gone(session.get(self._path(secret_name(self._name, revision))))
        return self._read(secret) if secret else None

    async def content(self, record: Record) -> Content:
        """Return what a release was asked to be; raises FaultError when that is lost."""
        session = await self._cluster.session()
        revision = record.release.revision
        names = [secret_name(self._name, revision, n + 1) for n in range(record.pieces)]
        try:
            return read_content([await session.get(self._path(name)) for name in names])
        except ValueError as error:
            raise FaultError(_lost(revision, str(error))) from error

    async def add(self, record: Record) -> Record:
        """Write a new record, and return it with when that was by the cluster's clock.

        Raises FaultError when its revision was taken meanwhile.
        """
        session = await self._cluster.session()
        try:
            made = await session.post(self._path(), body=record_secret(self._name, record))
        except FaultError as error:
            if error.fault.code != "api-exists":
                raise
            raise FaultError(_taken(record.release.revision)) from error
        self._written[record.release.revision] = version_of(made)
        return replace(record, made=created(made))

    async def complete(self, record: Record, content: Content) -> Record:
        """Write what a release was asked to be, then the record that counts its pieces."""
        pieces = content_secrets(self._name, record.release.revision, content)
        for piece in pieces:
            await self._keep(piece)
        whole = replace(record, pieces=len(pieces))
        await self.replace(whole)
        return whole

    async def replace(self, record: Record) -> None:
        """Write what became of a release that was added here; raises FaultError.

        Does nothing for one that is not on record any more. What another made of it stays deleted.
        """
        session = await self._cluster.session()
        revision = record.release.revision
        path = self._path(secret_name(self._name, revision))
        secret = over(record_secret(self._name, record), self._written[revision])
        try:
            written = await _unless_gone(session.put(path, body=secret))
        except FaultError as error:
            if error.fault.code != "api-conflict":
                raise
            await self.change(revision, partial(_once_more, record))
            return
        if written is not None:
            self._written[revision] = version_of(written)

    async def change(self, revision: int, decide: Callable[[Record], Record | None]) -> None:
        """Write what is decided of a record as it is, again where another changed it meanwhile.

        Where that is None nothing is written, nor where there is no such record any more, or it
        could not be read. Raises FaultError.
        """
        session = await self._cluster.session()
        path = self._path(secret_name(self._name, revision))
        for tries in range(1, TRIES + 1):
            secret = await _unless_gone(session.get(path))
            decided = self._decided(secret, decide) if secret else None
            if decided is None:
                return
            try:
                await _unless_gone(session.put(path, body=decided))
                return
            except FaultError as error:
                if error.fault.code != "api-conflict" or tries == TRIES:
                    raise

    async def forget(self, revisions: set[int], hold: Hold) -> None:
        """Remove the records of these revisions, content first, the newest record last.

        That one may bear the mark of a deletion, which a purge that is cut off must not lose.
        """
        session = await self._cluster.session()
        listed = await session.get(self._path(), selector(release=self._name))
        ours = [secret for secret in listed.get("items", ()) if _revision(secret) in revisions]
        for secret in sorted(ours, key=_last_to_go):
            await hold()
            await _unless_gone(session.delete(self._path(secret["metadata"]["name"])))

    def _path(self, name: str = "") -> str:
        path = f"/api/v1/namespaces/{self._cluster.namespace}/secrets"
        return f"{path}/{name}" if name else path

    async def _keep(self, piece: RawObject) -> None:
        """Write a piece of content, over one that a record left behind which is gone by itself."""
        session = await self._cluster.session()
        try:
            await session.post(self._path(), body=piece)
        except FaultError as error:
            if error.fault.code != "api-exists":
                raise
            await session.put(self._path(piece["metadata"]["name"]), body=piece)

    def _decided(
        self, secret: RawObject, decide: Callable[[Record], Record | None]
    ) -> RawObject | None:
        """Return the Secret to be written over this very version of it."""
        known = self._read(secret)
        if known is None or known.release.cause == UNREADABLE:
            return None
        decided = decide(known)
        if decided is None:
            return None
        return over(record_secret(self._name, decided), version_of(secret))

    def _read(self, secret: RawObject) -> Record | None:
        try:
            return read_record(secret)
        except ValueError as error:
            log.warning("%s cannot be read: %s", secret["metadata"]["name"], error)
            revision = _revision(secret)
            return legible(secret, revision) if revision else None


async def _unless_gone(request: Coroutine[Any, Any, RawObject]) -> RawObject | None:
    """Return the answer, None when there is nothing of that name any more."""
    try:
        return await request
    except FaultError as error:
        if error.fault.code == "api-not-found":
            return None
        raise


def over(wanted: RawObject, version: str) -> RawObject:
    """Return what the API refuses to write unless it is still this version."""
    return {**wanted, "metadata": {**wanted["metadata"], "resourceVersion": version}}


def _once_more(wanted: Record, found: Record) -> Record | None:
    """Return what is written over a record of ours that another wrote meanwhile.

    None where it is that of another release, in a history begun anew.
    """
    ours = found.release.started == wanted.release.started
    return replace(wanted, deleted=found.deleted) if ours else None


def _revision(secret: RawObject) -> int:
    text = secret["metadata"].get("labels", {}).get(REVISION, "")
    return int(text) if text.isdecimal() else 0


def _last_to_go(secret: RawObject) -> tuple[bool, int]:
    return secret["metadata"]["labels"].get(PART) == "release", _revision(secret)


def _taken(revision: int) -> Fault:
    return Fault(
        "revision-taken",
        f"another redraft has just released revision {revision} of this app",
        kind="unreachable",
        remedy="look at `redraft history`, then go again",
    )


def _lost(revision: int, why: str) -> Fault:
    return Fault(
        "record-lost",
        f"what revision {revision} consisted of is not on record any more",
        evidence=(why,),
        remedy="roll back to another revision, or bring the tree itself up",
    )
