"""The lease: one redraft at a time deploys a release, wherever they run.

A file lock tells redrafts on one machine apart; this tells machines apart, by a Lease beside the
release. Clocks of two machines may differ by minutes, so the time written in it is not compared
with ours: whoever waits watches whether its holder still renews it, and takes it over after it saw
no renewal for the lease's own duration. Every write names the resourceVersion it was decided on, so
that of two who take over one fails. A lease of this very state folder is taken at once: the file
lock has shown that its holder is dead.

Whoever was cut off, or stood still, for so long finds that another took over before its next change
and ends there, as leader election in client-go does: what it wants is older than what the other
released. Right before each change the lease is renewed, unless it was within the last second: of
many changes that costs one request a second at most, and after redraft stood still the other is
found by the first one. A helm that is at work is let finish.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.labels import release_labels
from tui.backends.kubernetes.namespaces import namespace_missing
from tui.backends.kubernetes.objects import RawObject, version_of
from tui.backends.kubernetes.turns import Hold
from tui.model.events import Noticed
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.ports.backend import Tell

DURATION = 15
"""Seconds after which a lease that is not renewed counts as abandoned."""
RENEWED_EVERY = 5.0
ANSWERED_IN = 5.0
"""Seconds for which a renewal is waited for: the next one may still come before the lease ends."""
FRESH = 1.0
"""Seconds after a renewal within which a change is made without another one."""
LOOK = 0.5
"""Seconds between two looks at a lease that another holds."""
PATIENCE = 60.0
API = "coordination.k8s.io/v1"
TAKEN = frozenset({"api-conflict", "api-exists", "api-not-found"})
"""What is answered where another wrote the lease, or removed it, since it was seen."""
FORBIDDEN = "api-forbidden"
UNHELD = "leases may not be written here: another machine's deploy is not noticed"


@frozen
class Holder:
    """Who holds a lease."""

    user: str
    host: str
    folder: str
    """Tells state folders on one host apart."""

    @property
    def identity(self) -> str:
        """The text in the lease."""
        return f"{self.user}@{self.host}/{self.folder}/{os.getpid()}"

    def is_ours(self, identity: str) -> bool:
        """Whether the lease was taken by a redraft of this state folder."""
        return identity.rpartition("/")[0] == self.identity.rpartition("/")[0]


@asynccontextmanager
async def leased(cluster: Cluster, name: str, holder: Holder, tell: Tell) -> AsyncIterator[Hold]:
    """Hold the release's lease while the `async with` lasts.

    Yields what is to be called before each change. That another took it over is told at once.
    Raises FaultError when another keeps it for long, or there is no such namespace. Where leases
    may not be written, nothing is held and that is said: revisions are still never written twice.
    """
    lease = Lease(cluster, name, holder, tell)
    try:
        await lease.acquire()
    except FaultError as error:
        if error.fault.code != FORBIDDEN:
            raise
        lease.let_go()
    renewing = asyncio.create_task(lease.keep())
    try:
        yield lease.hold
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)
        with contextlib.suppress(FaultError, TimeoutError):  # it runs out by itself
            await lease.release()


class Lease:
    """One lease object and what was seen of it."""

    def __init__(self, cluster: Cluster, name: str, holder: Holder, tell: Tell) -> None:
        self._cluster = cluster
        self._name = f"redraft-{name}"
        self._labels = release_labels(name)
        self._holder = holder
        self._tell = tell
        self._seen: RawObject | None = None
        self._lost: Fault | None = None
        self._renewed: tuple[float, float] | None = None  # None: it is not held
        self._writing = asyncio.Lock()

    async def acquire(self) -> None:
        """Wait until it is ours; raises FaultError."""
        began, seen_since, told = time.monotonic(), time.monotonic(), False
        version = ""
        while True:
            self._seen = await self._get()
            now = time.monotonic()
            if version_of(self._seen) != version:
                version, seen_since = version_of(self._seen), now
            if is_free(self._seen, self._holder, now - seen_since) and await self._take():
                return
            if now - began > PATIENCE:
                raise FaultError(_held(holder_of(self._seen)))
            if not told and holder_of(self._seen):
                waits = f"{holder_of(self._seen)} is deploying this release: waiting for it"
                self._tell(Noticed(waits))
                told = True
            await asyncio.sleep(LOOK)

    def let_go(self) -> None:
        """Hold it no more, for it may not be written, and say so."""
        self._renewed = None
        self._tell(Noticed(UNHELD))

    async def keep(self) -> None:
        """Renew it until cancelled or taken over; an API out of reach is tried again."""
        while self._renewed is not None and self._lost is None:
            await asyncio.sleep(RENEWED_EVERY)
            with contextlib.suppress(FaultError, TimeoutError):
                await self._write_over(self._holder.identity)
        if self._lost is not None:
            self._tell(Noticed(self._lost.sentence))

    async def hold(self) -> None:
        """Raise FaultError where another took it over, or may have while nobody answers here."""
        if self._renewed is not None and self._lost is None and self._unrenewed() >= FRESH:
            await self._renew()
        if self._lost is not None:
            raise FaultError(self._lost)

    async def _renew(self) -> None:
        """Renew it; in vain it counts for as long as it lasts. Raises FaultError after that."""
        try:
            await self._write_over(self._holder.identity)
        except FaultError:
            if self._unrenewed() >= DURATION:
                raise
        except TimeoutError as error:
            if self._unrenewed() >= DURATION:
                raise FaultError(_unanswered()) from error

    def _unrenewed(self) -> float:
        """Return the seconds since the last renewal, also those that the machine slept for.

        The monotonic clock stands still meanwhile, and the other may be set back.
        """
        pairs = zip(_moment(), self._renewed or (0.0, 0.0), strict=True)
        return max(now - then for now, then in pairs)

    async def release(self) -> None:
        """Give it back; raises FaultError and TimeoutError."""
        await self._write_over(identity="")

    async def _write_over(self, identity: str) -> None:
        """Write into what is held, whatever was written last: its answer may never have come.

        Raises FaultError, and TimeoutError where there is no answer soon.
        """
        async with self._writing, asyncio.timeout(ANSWERED_IN):
            if self._renewed is not None:
                await self._overwrite(identity)

    async def _overwrite(self, identity: str) -> None:
        try:
            await self._write(identity)
        except FaultError as error:
            if error.fault.code == FORBIDDEN:  # to make it was allowed
                return self.let_go()
            if error.fault.code not in TAKEN:
                raise
            found = await self._get()
            if found is not None and holder_of(found) != self._holder.identity:
                self._lost = _taken_over(holder_of(found))
                return
            self._seen = found
            await self._write(identity)

    async def _take(self) -> bool:
        """Write ourselves into it; False when somebody was faster.

        Raises FaultError. What is to be made is not found only where its namespace is not.
        """
        try:
            await self._write(self._holder.identity)
        except FaultError as error:
            if error.fault.code == "api-not-found" and self._seen is None:
                raise FaultError(namespace_missing(self._cluster.namespace)) from error
            if error.fault.code in TAKEN:
                return False
            raise
        return True

    async def _get(self) -> RawObject | None:
        session = await self._cluster.session()
        try:
            return await session.get(self._path(self._name))
        except FaultError as error:
            if error.fault.code == "api-not-found":
                return None
            raise

    async def _write(self, identity: str) -> None:
        session = await self._cluster.session()
        body = lease_object(self._name, self._labels, identity, version_of(self._seen))
        sent = _moment()
        if self._seen is None:
            self._seen = await session.post(self._path(), body=body)
        else:
            self._seen = await session.put(self._path(self._name), body=body)
        self._renewed = sent

    def _path(self, name: str = "") -> str:
        path = f"/apis/{API}/namespaces/{self._cluster.namespace}/leases"
        return f"{path}/{name}" if name else path


def is_free(lease: RawObject | None, holder: Holder, unrenewed: float) -> bool:
    """Whether a lease can be taken, having been seen without a renewal for so many seconds."""
    identity = holder_of(lease)
    if not identity or holder.is_ours(identity):
        return True
    spec = lease["spec"] if lease else {}
    return unrenewed >= float(spec.get("leaseDurationSeconds") or DURATION)


def holder_of(lease: RawObject | None) -> str:
    """Return who holds it, empty for nobody."""
    return str((lease or {}).get("spec", {}).get("holderIdentity") or "")


def lease_object(name: str, labels: dict[str, str], identity: str, version: str) -> RawObject:
    """Return the lease held by `identity`, to be written only over `version`."""
    metadata: dict[str, Any] = {"name": name, "labels": labels}
    if version:
        metadata["resourceVersion"] = version
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    spec = {"holderIdentity": identity, "leaseDurationSeconds": DURATION, "renewTime": now}
    return {"apiVersion": API, "kind": "Lease", "metadata": metadata, "spec": spec}


def _moment() -> tuple[float, float]:
    return time.monotonic(), time.time()


def _held(identity: str) -> Fault:
    return Fault(
        "release-leased",
        f"{identity or 'another redraft'} is deploying this release",
        kind="unreachable",
        remedy="wait until it is done and try again",
    )


def _taken_over(identity: str) -> Fault:
    return Fault(
        "lease-lost",
        f"{identity or 'another redraft'} took this release over while nothing was heard from here",
        kind="unreachable",
        remedy="look at `redraft history`, then go again",
    )


def _unanswered() -> Fault:
    return Fault(
        "api-unreachable",
        f"the cluster did not answer for {DURATION} s: another redraft may take this release over",
        kind="unreachable",
        remedy="go again once the cluster answers",
    )
