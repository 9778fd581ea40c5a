"""Collecting: the log lines of every container of every pod of a release, as they come.

Pods are found by a watch; each container that ever ran gets a follower, one coroutine. What they
read is merged in time order. Positions are kept for each container of each pod (by uid), so that
going on after a break, of the connection or of redraft itself, neither loses nor repeats a line.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from contextlib import aclosing
from typing import Any

from tui.backends.kubernetes.following import Follower, Origin
from tui.backends.kubernetes.incarnations import incarnations
from tui.backends.kubernetes.merging import Merger
from tui.backends.kubernetes.objects import RawObject
from tui.clients.kube.logs import LogReader
from tui.clients.kube.session import KubeSession
from tui.clients.kube.watching import Watch
from tui.model.loglines import LogBatch

RevisionOf = Callable[[RawObject], int]
"""Tells which revision of the release a pod belongs to."""


async def collect(
    session: KubeSession,
    namespace: str,
    selector: str,
    revision_of: RevisionOf,
    positions: Mapping[str, str],
) -> AsyncGenerator[LogBatch, None]:
    """Yield batches of log lines after `positions`, until cancelled.

    `selector` is the label selector of the release's pods. One batch without records follows what
    had been logged before the call.
    """
    collector = Collector(session, namespace, selector, revision_of, positions)
    async with aclosing(collector.batches()) as batches:
        async for batch in batches:
            yield batch


class Collector:
    """Keeps a follower for each container."""

    def __init__(
        self,
        session: KubeSession,
        namespace: str,
        selector: str,
        revision_of: RevisionOf,
        positions: Mapping[str, str],
    ) -> None:
        self._session = session
        self._namespace = namespace
        self._revision_of = revision_of
        self._positions = positions
        self._merger = Merger(positions)
        self._watch = Watch(
            session,
            f"/api/v1/namespaces/{namespace}/pods",
            self._see,
            {"labelSelector": selector},
        )
        self._followers: dict[str, dict[str, Follower]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._listed = asyncio.Event()

    async def batches(self) -> AsyncGenerator[LogBatch, None]:
        """Yield what the followers read, until cancelled."""
        self._start(self._watch.run())
        self._start(self._tell_caught_up())
        try:
            async with aclosing(self._merger.batches()) as batches:
                async for batch in batches:
                    yield batch
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _see(self) -> None:
        """Take the watch's news: pods that came, changed and went."""
        pods = self._watch.now.objects
        for uid, pod in pods.items():
            self._see_pod(uid, pod)
        for uid in self._followers.keys() - pods.keys():
            for follower in self._followers.pop(uid).values():
                follower.see_deletion()
        if self._watch.now.listed:
            self._listed.set()

    def _see_pod(self, uid: str, pod: RawObject) -> None:
        followers = self._followers.setdefault(uid, {})
        for container, incarnation in incarnations(pod).items():
            if container not in followers:
                followers[container] = self._follow(uid, pod, container)
            followers[container].see(incarnation)

    def _follow(self, uid: str, pod: RawObject, container: str) -> Follower:
        name = str(pod["metadata"]["name"])
        source = f"{uid}/{container}"
        follower = Follower(
            LogReader(self._session, self._namespace, name, container),
            Origin(self._revision_of(pod), name, container),
            source,
            self._merger,
            self._positions.get(source, ""),
        )
        self._start(follower.run())
        return follower

    async def _tell_caught_up(self) -> None:
        await self._listed.wait()
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
