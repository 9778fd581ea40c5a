"""Dry runs: what a chart renders to, looked at while its image is still being built.

helm reads the whole schema of a cluster to validate what it renders, in each upgrade and before it
changes anything. That takes as long as all the rest it does, and only chart, values and cluster
decide how it ends. So it is done beside the build, and not at all for what went through helm once
already: the API server validates anyway. Where chart or values were changed, rendering them, which
asks no cluster, may tell that all objects have the shape of those that went through.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from tui.backends.kubernetes.applied import refs_of
from tui.backends.kubernetes.chart_images import image_unused, unused
from tui.backends.kubernetes.documents import read_documents
from tui.backends.kubernetes.elsewhere import elsewhere
from tui.backends.kubernetes.records import Content, Record
from tui.backends.kubernetes.shapes import shaped_alike
from tui.clients.helm.verbs import ChartCall, Helm
from tui.model.faults import Fault, FaultError
from tui.model.releases import ReleaseSpec

Judgement = Literal["valid", "unknown"] | Fault
"""What came of a dry run: one that failed is left to the upgrade to judge.

A fault where nothing that was built would be deployed, or none of it where it is looked at.
"""
ReadContent = Callable[[Record], Awaitable[Content]]
"""Returns what is on record of a release; raises FaultError where that is lost."""
ReadCall = Callable[[], ChartCall]
"""Returns the chart and its values; blocking, raises FaultError."""


class DryRuns:
    """Runs one dry run at a time for one Helm release."""

    def __init__(self, helm: Helm, name: str, namespace: str, content: ReadContent) -> None:
        self._helm = helm
        self._name = name
        self._namespace = namespace
        self._content = content
        self._spec: ReleaseSpec | None = None
        self._task: asyncio.Task[Judgement] | None = None

    @contextmanager
    def beside(
        self, read: ReadCall, spec: ReleaseSpec, records: Sequence[Record]
    ) -> Iterator[None]:
        """Begin one, unless it is known how it ends; end it where the `with` ends badly."""
        if not went_through(spec, records):
            self._begin(read, spec, records)
        try:
            yield
        except BaseException:
            self._cancel()
            raise

    async def judge(
        self, call: ChartCall, spec: ReleaseSpec, records: Sequence[Record]
    ) -> Judgement:
        """Return what is known of a chart with these values, after a dry run if need be."""
        if went_through(spec, records):
            return "valid"
        task = self._task
        if task is None or self._spec != spec:
            task = self._begin(lambda: call, spec, records)
        self._spec = self._task = None
        return await task

    def _begin(
        self, read: ReadCall, spec: ReleaseSpec, records: Sequence[Record]
    ) -> "asyncio.Task[Judgement]":
        self._cancel()
        self._spec, self._task = spec, asyncio.create_task(self._run(read, records))
        return self._task

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._spec = self._task = None

    async def _run(self, read: ReadCall, records: Sequence[Record]) -> Judgement:
        upgrade = any(record.helm_revision for record in records)
        try:
            call = await asyncio.to_thread(read)
            if await self._alike(call, records):
                return "valid"
            text = await self._helm.dry_run(self._name, call, upgrade=upgrade)
            return self._judged(call, text) or "valid"
        except FaultError:
            return "unknown"

    async def _alike(self, call: ChartCall, records: Sequence[Record]) -> bool:
        """Whether what is rendered is known to have the shape of what went through last."""
        last = next((record for record in reversed(records) if through_helm(record)), None)
        if last is None:
            return False
        try:
            known = (await self._content(last)).documents
            text = await self._helm.template(self._name, call, upgrade=True)
            rendered = [document.object for document in read_documents(text, call.chart.name)]
            if self._judged(call, text):
                return False
        except FaultError:  # the dry run tells what is wrong, if it is with the chart
            return False
        return shaped_alike(rendered, known)

    def _judged(self, call: ChartCall, rendered: str) -> Fault | None:
        """Return what is wrong with all that a chart renders to; raises FaultError."""
        documents = read_documents(rendered, call.chart.name)
        if not documents:
            return _empty(call)
        others = unused(call.image, rendered, documents) if call.image else ()
        if call.image and others:
            return image_unused(call.image, call.chart, others)
        return elsewhere(refs_of(documents, self._namespace), self._namespace)


def _empty(call: ChartCall) -> Fault:
    return Fault(
        "chart-empty",
        f"the chart {call.chart.name} renders to nothing",
        kind="usage",
        place=f"{call.chart.name}/templates",
        remedy="add a template, or correct the condition that leaves all of them out",
    )


def went_through(spec: ReleaseSpec, records: Sequence[Record]) -> bool:
    """Whether helm deployed this very configuration before, whatever became of its pods."""
    return any(through_helm(record) and record.release.spec == spec for record in records)


def through_helm(record: Record) -> bool:
    """Whether helm deployed this by its chart, whatever became of its pods."""
    return record.means == "chart" and record.helm_revision > 0 and bool(record.objects)
