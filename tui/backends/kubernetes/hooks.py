"""Hooks: the Jobs that a chart has helm run before and after a deploy, followed while it waits.

Of a hook helm tells only that it failed, and that after minutes where its pod cannot even start. It
stores a release with its hooks before it runs them: they are looked up there, pictured and judged
like any workload. A Job that was there before is an earlier deploy's, which helm replaces.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import replace

from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.helm_storage import HelmStorage
from tui.backends.kubernetes.hook_objects import hook_refs
from tui.backends.kubernetes.objects import Objects
from tui.backends.kubernetes.picture.wanted import Member, Wanted
from tui.clients.helm.releases import HelmRevision
from tui.clients.helm.verbs import Helm
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.model.rollouts import Rollout, Verdict
from tui.model.verdicts import judge

BETWEEN_LOOKS = 1.0
"""Seconds between looks for what helm is at; where there are no hooks it has ended by the first."""
LAST_LOOK = 4.0
"""Seconds that a hook's verdict is waited for after helm said that it failed."""
FAILED = re.compile(r"hooks failed|failed (?:pre|post)-install")

TellVerdict = Callable[[Verdict], None]


@frozen
class Hooks:
    """Follows the hooks of one release."""

    cluster: Cluster
    helm: Helm
    storage: HelmStorage
    name: str
    """The Helm release's name."""

    @asynccontextmanager
    async def followed(self, tell: TellVerdict) -> AsyncIterator[None]:
        """Tell each trouble of a hook while helm runs inside.

        Where helm fails for a hook, the FaultError says what was the matter with that.
        """
        troubles: list[Verdict] = []
        found = asyncio.Event()

        def take(verdict: Verdict) -> None:
            troubles.append(verdict)
            found.set()
            tell(verdict)

        following = asyncio.create_task(self._follow(take))
        following.add_done_callback(lambda _: found.set())  # there is nothing more to wait for
        try:
            yield
        except FaultError as error:
            if not any(FAILED.search(line) for line in error.fault.evidence):
                raise
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_LOOK):
                    await found.wait()
            if not troubles:
                raise
            raise FaultError(explained(error.fault, troubles[-1])) from error
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    async def members(self) -> tuple[Member, ...]:
        """Return what helm runs or ran for its newest revision; raises FaultError."""
        if await self.storage.newest(self.name) is None:
            return ()
        refs = hook_refs((await self.helm.status(self.name)).hooks, self.cluster.namespace)
        return tuple((ref.kind, ref.name) for ref in refs)

    async def _follow(self, tell: TellVerdict) -> None:
        """Tell the troubles of the Jobs among the hooks, each once, until cancelled."""
        # imported here: what watches needs aiohttp, which takes a quarter of a second
        from tui.backends.kubernetes.observing import Observer

        session = await self.cluster.session()
        jobs = f"/apis/batch/v1/namespaces/{self.cluster.namespace}/jobs"
        before = {str(one["uid"]) for one in await session.metadata(jobs)}
        await self._stored_after(await self.storage.newest(self.name))
        wanted = wanted_of(await self.members())
        if not wanted.members:
            return
        observer = Observer(await self.cluster.watches(), wanted)
        told: set[Verdict] = set()
        async with aclosing(observer.rollouts()) as rollouts:
            async for rollout in rollouts:
                verdict = judge(made_since(rollout, observer.objects, before), time.time())
                if verdict.cause and verdict not in told:
                    told.add(verdict)
                    tell(verdict)

    async def _stored_after(self, known: HelmRevision | None) -> None:
        """Wait until helm has stored the revision that it is at."""
        before = known.revision if known else 0
        while True:
            await asyncio.sleep(BETWEEN_LOOKS)
            newest = await self.storage.newest(self.name)
            if newest is not None and newest.revision > before:
                return


def wanted_of(hooks: Iterable[Member]) -> Wanted:
    """Return the Jobs among hooks as the picture wants to know them."""
    return Wanted(1, frozenset((kind, hook) for kind, hook in hooks if kind == "Job"))


def made_since(rollout: Rollout, objects: Objects, before: set[str]) -> Rollout:
    """Return the picture of those Jobs only that are there and were not there before."""
    there = (job["metadata"] for job in objects.of("Job"))
    old = {f"Job {job['name']}" for job in there if job["uid"] in before}
    return replace(
        rollout,
        workloads=tuple(one for one in rollout.workloads if one.created and one.label not in old),
        pods=tuple(pod for pod in rollout.pods if pod.owner not in old),
    )


def explained(fault: Fault, verdict: Verdict) -> Fault:
    """Return helm's fault with what its hook's pods tell of the cause."""
    return Fault(
        verdict.cause,
        f"a hook of the chart failed: {verdict.sentence}",
        evidence=(*verdict.evidence, *fault.evidence),
        remedy=verdict.remedy,
    )
