"""How the newest release stands: which one is wanted, and the observer that pictures it."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from typing import TYPE_CHECKING

from tui.backends.kubernetes.chronology import Chronology
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.heeding import Heed
from tui.backends.kubernetes.hooks import Hooks
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.picture.wanted import Wanted, template_hashes
from tui.backends.kubernetes.records import Record, is_whole
from tui.clients.kube.backoff import pause
from tui.model.faults import Fault, FaultError
from tui.model.loglines import LogBatch, LogRecord
from tui.model.rollouts import Rollout

if TYPE_CHECKING:
    from tui.backends.kubernetes.collecting import Collector
    from tui.backends.kubernetes.observing import Observer
    from tui.model.releases import Outcome

NEVER = 1 << 62
"""A generation that no workload comes to."""


class Standing:
    """Looks at the namespace for what was released last."""

    def __init__(self, cluster: Cluster, chronology: Chronology, hooks: Hooks) -> None:
        self._cluster = cluster
        self._hooks = hooks
        self._chronology = chronology
        self._heed = Heed(chronology, self._take)
        self._known = False
        self._records: tuple[Record, ...] = ()
        self._wanted = Wanted(0, frozenset())
        self._outcome: Outcome = "pending"
        self._observer: Observer | None = None
        self._listeners: set[Callable[[], None]] = set()
        self.rollout: Rollout | None = None
        """How it stood last; None before it was observed."""

    @contextmanager
    def listening(self, listener: Callable[[], None]) -> Iterator[None]:
        """Call `listener` whenever `rollout` changes."""
        self._listeners.add(listener)
        try:
            yield
        finally:
            self._listeners.discard(listener)

    def release(self, records: Sequence[Record]) -> None:
        """Take the newest of these for what is wanted."""
        self._known = True
        self._records = tuple(records)
        self._wanted = wanted_of(records, self._cluster.namespace)
        self._outcome = records[-1].release.outcome if records else "pending"
        if self._observer is not None:
            self._observer.want(self._wanted)
            self._heed.look(self._observer.objects, self._wanted, self._outcome)

    def hashes(self) -> tuple[str, ...]:
        """Return what the wanted pods bear as a label."""
        if self._observer is None:
            return ()
        return template_hashes(self._observer.objects, self._wanted)

    def pods(self) -> tuple[tuple[RawObject, int], ...]:
        """Return the release's pods with their revisions, 0 for unknown ones."""
        if self._observer is None:
            return ()
        return self._observer.pods()

    async def observe(self) -> AsyncIterator[Rollout]:
        """Yield how it stands, until cancelled."""
        # imported here: what watches needs aiohttp, which takes a quarter of a second
        from tui.backends.kubernetes.observing import Observer

        if not self._known:
            self.release(await self._chronology.records())
        watches = await self._cluster.watches()
        self._observer = Observer(watches, self._wanted)
        async with (
            self._heed.others(watches.session),
            aclosing(self._observer.rollouts()) as rollouts,
        ):
            async for rollout in rollouts:
                self.rollout = rollout
                self._heed.look(self._observer.objects, self._wanted, self._outcome)
                for listener in tuple(self._listeners):
                    listener()
                yield rollout

    def _take(self, records: tuple[Record, ...]) -> None:
        """Take the newest record for what is wanted, unless something newer is known."""
        if records and is_news(records, self._records):
            self.release(records)

    async def lines(self, positions: Mapping[str, str]) -> AsyncGenerator[LogBatch, None]:
        """Yield log lines after `positions`, until cancelled.

        While the cluster is out of reach at the beginning, what is stored is all there is.
        """
        failures = 0
        while True:
            try:
                collector = await self._collector(positions)
                break
            except FaultError as error:
                if not failures:
                    yield _waiting(error.fault)
                    yield LogBatch("", "", ())
                failures += 1
                await asyncio.sleep(pause(failures))
        async with aclosing(collector.batches()) as batches:
            async for batch in batches:
                yield batch

    async def _collector(self, positions: Mapping[str, str]) -> "Collector":
        # imported here as well: reading logs needs aiohttp too
        from tui.backends.kubernetes.collecting import Collector

        watches = await self._cluster.watches()
        if not self._known:
            self.release(await self._chronology.records())
        return Collector(watches, lambda: self._wanted, self._hooks, positions)


def _waiting(fault: Fault) -> LogBatch:
    text = f"logs of the cluster are waited for: {fault.sentence}"
    return LogBatch("", "", (LogRecord(time.time_ns(), 0, "redraft", "", 0, "redraft", text),))


def is_news(records: Sequence[Record], known: Sequence[Record]) -> bool:
    """Whether the newest of these, of which there is one, is at least as new as all that is known.

    A deletion marks the newest record that is kept, which what was released outside since is not.
    Numbers tell what is newer within one history only, for they begin anew after a purge or the end
    of a namespace: of two histories the one is newer whose release began later.
    """
    newest, places = records[-1], {_identity(record): at for at, record in enumerate(known)}
    if not known:
        return True
    if newest.deleted and _identity(newest) in places:
        return all(record.means == "outside" for record in known[places[_identity(newest)] + 1 :])
    if known[-1].deleted:
        return True
    if any(_identity(record) in places for record in records):
        return newest.release.revision >= known[-1].release.revision
    return newest.release.started > known[-1].release.started


def _identity(record: Record) -> tuple[int, float]:
    """Return what tells a record from all others, of another history of this name too."""
    return record.release.revision, record.release.started


def wanted_of(records: Sequence[Record], namespace: str) -> Wanted:
    """Return the newest record as the picture of this namespace wants to know it.

    Of one that was begun only, nothing can be running yet: the workloads of the one before it are
    looked at, and all their pods are old ones. Before the first was asked for, nothing is wanted,
    unless it is known why that failed. What was released outside has the cluster's own deadlines
    only: when that was is not always known.
    """
    if not records or records[-1].deleted:
        return Wanted(0, frozenset(), deleted=bool(records))
    release, fault = records[-1].release, records[-1].fault
    made = records[-1].made or int(release.started)
    whole = next((record for record in reversed(records) if is_whole(record)), None)
    if whole is None:
        return Wanted(
            release.revision if fault else 0,
            frozenset(),
            begun=True,
            failed=fault,
            latest=release.revision,
            made=made,
        )
    begun = whole is not records[-1]
    members = frozenset((ref.kind, ref.name) for ref in whole.objects if ref.namespace == namespace)
    generations = {(mark.kind, mark.name): mark.generation for mark in whole.marks}
    templates = {(mark.kind, mark.name): mark.template for mark in whole.marks}
    if begun:
        generations, templates = dict.fromkeys(members, NEVER), {}
    return Wanted(
        release.revision,
        members,
        generations,
        {one: record.release.revision for record in records for one in record.hashes},
        templates,
        release.started,
        0.0 if release.trigger == "outside" else release.started + release.spec.deadline,
        begun,
        fault,
        applied=records[-1].applied,
        latest=release.revision,
        made=made,
    )
