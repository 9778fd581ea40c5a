"""Planning: by which means a release is asked for, and what exactly is asked."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

from tui.backends.images.recipe import repository
from tui.backends.kubernetes.applied import Applied
from tui.backends.kubernetes.by_chart import ByChart
from tui.backends.kubernetes.by_manifests import ByManifests
from tui.backends.kubernetes.by_revision import ByRevision
from tui.backends.kubernetes.charts import chart_call
from tui.backends.kubernetes.configuration import read_manifests
from tui.backends.kubernetes.documents import Document
from tui.backends.kubernetes.ledger import Ledger
from tui.backends.kubernetes.manifests import prepare, wanted
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.records import Record, is_whole
from tui.backends.kubernetes.turns import Turn
from tui.clients.helm.verbs import ChartCall
from tui.config.environment import Environment
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.model.images import Image
from tui.model.releases import Release, ReleaseSpec
from tui.ports.telling import Steps

UNBUILT = "not-built-yet"
"""The tag of an image that a chart is looked at with while it is built: no other has it."""
Ask = Callable[[Release, tuple[Record, ...], Turn], Awaitable[Applied]]
"""Asks the cluster for a release, knowing the records before it; raises FaultError."""


@frozen
class Planner:
    """Says how the releases of one environment are asked for."""

    project: Path
    ledger: Ledger
    chart: ByChart
    manifests: ByManifests
    revisions: ByRevision

    async def release(
        self, environment: Environment, release: Release, pull_secret: str, steps: Steps
    ) -> Ask:
        """Return how the tree as it is gets deployed; raises FaultError for what cannot be."""
        if environment.manifests:
            read = await asyncio.to_thread(read_manifests, self.project, environment)
            put = wanted(environment, release.image, pull_secret)
            return self._apply(prepare(read, put), steps)
        project, image = self.project, release.image
        call = await asyncio.to_thread(chart_call, project, environment, image, pull_secret)
        return lambda planned, records, turn: self.chart.deploy(call, planned, records, turn, steps)

    def beside_build(
        self, environment: Environment, spec: ReleaseSpec, records: Sequence[Record]
    ) -> AbstractContextManager[None]:
        """Look at what can be looked at without the image while a `with` lasts."""
        if environment.manifests:
            return nullcontext()
        return self.chart.dry_runs.beside(partial(self._unbuilt, environment), spec, records)

    async def objects(self, environment: Environment) -> tuple[RawObject, ...]:
        """Return what a release of the tree would consist of; raises FaultError."""
        if environment.manifests:
            read = await asyncio.to_thread(read_manifests, self.project, environment)
            return tuple(document.object for document in read)
        return await self.chart.objects(await asyncio.to_thread(self._unbuilt, environment))

    def rollback(self, revision: int, steps: Steps) -> Ask:
        """Return how an earlier revision is deployed again, by the means it came about."""

        async def ask(planned: Release, records: tuple[Record, ...], turn: Turn) -> Applied:
            past = next((r for r in records if r.release.revision == revision), None)
            if past is None or not is_whole(past):
                raise FaultError(_unknown(revision))
            if past.helm_revision:
                content = partial(self.ledger.content, past)
                return await self.chart.roll_back(past, content, planned, turn, steps)
            if past.means == "outside":
                return await self.revisions.roll_back(past, turn, steps)
            recorded = await self.ledger.content(past)
            documents = tuple(Document(obj) for obj in recorded.documents)
            return await self.manifests.deploy(documents, records, turn, steps)

        return ask

    def _unbuilt(self, environment: Environment) -> ChartCall:
        return chart_call(self.project, environment, Image(repository(environment), UNBUILT))

    def _apply(self, documents: tuple[Document, ...], steps: Steps) -> Ask:
        return lambda _, records, turn: self.manifests.deploy(documents, records, turn, steps)


def once_done(change: Callable[[], Awaitable[None]], ask: Ask) -> Ask:
    """Return an asking that changes something in the cluster before."""

    async def both(planned: Release, records: tuple[Record, ...], turn: Turn) -> Applied:
        await turn.hold()
        await change()
        return await ask(planned, records, turn)

    return both


def _unknown(revision: int) -> Fault:
    return Fault(
        "release-unknown",
        f"revision {revision} is not on record in the cluster",
        remedy="see `redraft history` for those there are",
    )
