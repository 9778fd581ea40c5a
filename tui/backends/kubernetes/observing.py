"""Observing: from watches, evidence and endpoints to a stream of pictures.

Everything runs on one loop and wakes one event: a change of the watched objects, a new answer of
the gatherer or of an endpoint, another release that is wanted. The first change after a quiet time
is told at once; those that follow it are told together, a few times a second. A picture that wants
evidence waits for it, a second at most, so that a verdict has its last lines from the beginning;
one of a release that serves waits for its endpoints' answers as well. What pods say is masked: what
Secrets hold, or all of it where these could not be read within a second.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from tui.backends.kubernetes.alongside import alongside
from tui.backends.kubernetes.endpoints.asking import Asker
from tui.backends.kubernetes.endpoints.finding import find_targets
from tui.backends.kubernetes.endpoints.telling import moment_of, with_endpoints, worth_asking
from tui.backends.kubernetes.evidence.gathering import Gatherer
from tui.backends.kubernetes.evidence.masking import hidden, with_masked
from tui.backends.kubernetes.evidence.merging import with_evidence
from tui.backends.kubernetes.evidence.wanting import wanted_evidence
from tui.backends.kubernetes.objects import Objects, RawObject
from tui.backends.kubernetes.picture import picture
from tui.backends.kubernetes.picture.pods import pods_with_revisions
from tui.backends.kubernetes.picture.reading import name
from tui.backends.kubernetes.picture.wanted import Wanted
from tui.backends.kubernetes.used_secrets import UsedSecrets
from tui.backends.kubernetes.watches import Watches
from tui.model.rollouts import Rollout

PACE = 0.2
"""Seconds between two pictures."""
EVIDENCE = 1.0
"""Seconds for which a picture waits for its evidence, and then for its endpoints."""


class Observer:
    """Observes the release that is wanted in one namespace."""

    def __init__(self, watches: Watches, wanted: Wanted) -> None:
        session, namespace = watches.session, watches.namespace
        self._woken = asyncio.Event()
        self._wanted = wanted
        self._view = watches.view(self._woken.set)
        self._gatherer = Gatherer(session, namespace, self._woken.set)
        self._secrets = UsedSecrets(session, namespace)
        self._grants = session.grants(namespace)
        self._local = session.local
        self._asker = Asker(self._woken.set)

    @property
    def objects(self) -> Objects:
        """What is known of the namespace now."""
        return self._view.now

    def pods(self) -> tuple[tuple[RawObject, int], ...]:
        """Return the release's pods with their revisions, 0 for unknown ones."""
        return tuple(pods_with_revisions(self.objects, self._wanted))

    def want(self, wanted: Wanted) -> None:
        """Say which release is to be pictured from now on.

        Who released it may have made the namespace anew, and granted the rights there.
        """
        self._wanted = wanted
        self._view.look_again()
        self._grants.stir()
        self._woken.set()

    async def rollouts(self) -> AsyncGenerator[Rollout, None]:
        """Yield what runs now and again at every change, until cancelled.

        While the API was never reached, the picture is empty but for since when it is lost.
        """
        async with self._watching() as watching:
            last: Rollout | None = None
            while True:
                await self._until_woken()
                if watching.done():
                    watching.result()
                if not self._view.begun and not self.objects.lost_since:
                    continue
                rollout = await self._picture()
                if rollout != last:
                    last = rollout
                    yield rollout
                await asyncio.sleep(PACE)

    @asynccontextmanager
    async def _watching(self) -> AsyncIterator["asyncio.Task[object]"]:
        """Watch while the `async with` lasts; a watch that breaks wakes whoever waits for news."""
        try:
            async with alongside(self._view.run(), self._woken.set) as task:
                yield task
        finally:
            await self._gatherer.close()
            await self._secrets.close()
            await self._asker.close()

    async def _until_woken(self) -> None:
        """Wait for a change, or until evidence or an endpoint is to be asked for again."""
        due = [one for one in (self._gatherer.due_in, self._asker.due_in) if one is not None]
        with suppress(TimeoutError):
            async with asyncio.timeout(min(due, default=None)):
                await self._woken.wait()
        self._woken.clear()

    async def _picture(self) -> Rollout:
        wanted = self._wanted
        rollout = picture(self.objects, wanted)
        evidence = wanted_evidence(rollout)
        self._gatherer.ask(evidence)
        if await self._gatherer.answered(evidence, EVIDENCE):
            rollout = picture(self.objects, wanted)
        mask = await self._mask(rollout)
        told = with_masked(with_evidence(rollout, self._gatherer.answers), mask)
        return await self._reached(told, wanted)

    async def _mask(self, rollout: Rollout) -> Callable[[str], str]:
        """Return what masks that which these pods say."""
        names = {pod.name for pod in rollout.pods}
        pods = [pod for pod in self.objects.of("Pod") if name(pod) in names]
        self._secrets.use(pods)
        try:
            async with asyncio.timeout(EVIDENCE):
                await self._secrets.read(pods)
        except TimeoutError:
            return hidden
        return self._secrets.mask

    async def _reached(self, rollout: Rollout, wanted: Wanted) -> Rollout:
        """Return the picture with its endpoints, after having asked them where it serves."""
        targets = find_targets(self.objects, wanted, local=self._local)
        self._asker.want(targets if worth_asking(rollout) else (), moment_of(rollout))
        if rollout.serving == rollout.revision:
            await self._asker.answered(EVIDENCE)
        return with_endpoints(rollout, targets, self._asker.answers)
