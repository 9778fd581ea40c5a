"""Collecting: the log lines of every container of every pod of a release, as they come.

Pods are found by a watch, those of a chart's hooks too; each container that ever ran gets a
follower, one coroutine. What they read is merged in time order, and masked: a log is only begun
when the Secrets that its pod uses are known. Positions are kept for each container of each pod (by
uid), so that going on after a break, of the connection or of redraft itself, neither loses nor
repeats a line.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Any

from tui.backends.kubernetes.following import Follower
from tui.backends.kubernetes.hook_pods import HookPods
from tui.backends.kubernetes.hooks import Hooks
from tui.backends.kubernetes.incarnations import incarnations
from tui.backends.kubernetes.merging import Merger
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.outlet import Origin
from tui.backends.kubernetes.picture.pods import pods_with_revisions
from tui.backends.kubernetes.picture.reading import name, uid
from tui.backends.kubernetes.picture.wanted import WORKLOADS, Wanted
from tui.backends.kubernetes.used_secrets import UsedSecrets
from tui.backends.kubernetes.watches import Watches
from tui.clients.kube.logs import LogReader
from tui.model.loglines import LogBatch, LogRecord, LogRun

KINDS = frozenset({*WORKLOADS, "ReplicaSet", "ControllerRevision", "Pod"})
"""What tells which pods there are and of which revision."""
PATIENCE = 5.0
"""Seconds within which the Secrets of a pod should be read, and the names of hooks."""


class Collector:
    """Keeps a follower for each container of the wanted release's pods, old ones too."""

    def __init__(
        self,
        watches: Watches,
        wanted: Callable[[], Wanted],
        hooks: Hooks,
        positions: Mapping[str, str],
    ) -> None:
        """Collect after `positions`; `wanted` is asked again at each change in the namespace."""
        self._session = session = watches.session
        self._namespace = namespace = watches.namespace
        self._wanted = wanted
        self._positions = positions
        self._merger = Merger(positions)
        self._changed = asyncio.Event()
        self._view = watches.view(self._changed.set, KINDS)
        self._hooks = HookPods(hooks.name, hooks.members, self._changed.set, self._note)
        self._secrets = UsedSecrets(session, namespace)
        self._unmasked = False
        self._notes: list[str] = []
        self._before = frozenset[str]()
        self._followers: dict[str, dict[str, Follower]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._begun = asyncio.Event()

    async def batches(self) -> AsyncGenerator[LogBatch, None]:
        """Yield lines as they come, until cancelled.

        One batch without records follows what had been logged before the call.
        """
        self._start(self._view.run())
        self._start(self._look_on())
        self._start(self._hooks.ask())
        self._start(self._tell_caught_up())
        try:
            async with aclosing(self._merger.batches()) as batches:
                async for batch in batches:
                    notes, self._notes = self._notes, []
                    for text in notes:
                        yield _told(text)
                    yield self._masked(batch)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._secrets.close()

    def _masked(self, batch: LogBatch) -> LogBatch:
        records, mask = batch.records, self._secrets.mask
        if isinstance(records, LogRun):
            run = LogRun(records.origin, records.times, mask.lines(records.messages))
            return replace(batch, records=run)
        said = [record.message for record in records]
        masked = mask.lines(said)
        if masked is said:
            return batch
        pairs = zip(records, masked, strict=True)
        return replace(batch, records=[one._replace(message=text) for one, text in pairs])

    async def _look_on(self) -> None:
        """Look at each change, until cancelled."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            self._look()

    def _look(self) -> None:
        """Take what changed: pods that came, changed and went."""
        if not self._view.begun:
            return
        objects, wanted = self._view.now, self._wanted()
        if not self._begun.is_set():
            self._before = frozenset(objects.by_kind.get("Pod", ()))
        pods = [*pods_with_revisions(objects, wanted), *self._hooks.of(objects, wanted)]
        self._secrets.use(pod for pod, _ in pods)
        for pod, revision in pods:
            self._see(pod, revision)
        # where pods may not be listed any more, none is known to be gone
        there = objects.by_kind.get("Pod", self._followers).keys()
        for gone in self._followers.keys() - there:
            for follower in self._followers.pop(gone).values():
                follower.see_deletion()
        self._begun.set()

    def _see(self, pod: RawObject, revision: int) -> None:
        followers = self._followers.setdefault(uid(pod), {})
        for container, incarnation in incarnations(pod).items():
            if container not in followers:
                followers[container] = self._follow(pod, container)
            followers[container].see(incarnation, revision)

    def _follow(self, pod: RawObject, container: str) -> Follower:
        source = f"{uid(pod)}/{container}"
        follower = Follower(
            LogReader(self._session, self._namespace, name(pod), container),
            Origin(name(pod), container, source),
            self._merger,
            self._positions.get(source, ""),
            from_its_begin=uid(pod) not in self._before,
        )
        self._start(self._run(follower, pod, anew=source not in self._positions))
        return follower

    async def _run(self, follower: Follower, pod: RawObject, *, anew: bool) -> None:
        """Follow a container's log once it is known what is to be masked in it."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._secrets.read([pod])
        except TimeoutError:  # whoever waits for what was logged so far need not wait for this
            follower.caught_up.set()
            await self._secrets.read([pod])
        if anew and not self._unmasked and (fault := self._secrets.unread(pod)):
            self._unmasked = True
            self._note(f"what Secrets hold is not masked in these logs: {fault.sentence}")
        await follower.run()

    def _note(self, text: str) -> None:
        """Have it told before the lines that come next."""
        self._notes.append(text)

    async def _tell_caught_up(self) -> None:
        await self._begun.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._hooks.known.wait()
        for followers in list(self._followers.values()):
            for follower in followers.values():
                await follower.caught_up.wait()
        self._merger.catch_up()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (failure := task.exception()):
            self._merger.fail(failure)


def _told(text: str) -> LogBatch:
    return LogBatch("", "", (LogRecord(time.time_ns(), 0, "redraft", "", 0, "redraft", text),))
