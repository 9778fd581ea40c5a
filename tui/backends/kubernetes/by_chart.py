"""Releasing by a chart: `helm upgrade --install`, and `helm rollback` to go back.

Where helm has forgotten what it is to go back to, redraft's own record of it is upgraded to.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from tui.backends.kubernetes.applied import Applied, refs_of
from tui.backends.kubernetes.documents import read_documents
from tui.backends.kubernetes.dry_running import DryRuns
from tui.backends.kubernetes.hook_objects import hook_refs
from tui.backends.kubernetes.hooks import Hooks
from tui.backends.kubernetes.kept_charts import kept_chart
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.records import Content, Record
from tui.backends.kubernetes.recovering import Recovery
from tui.backends.kubernetes.secret_values import values_held
from tui.backends.kubernetes.turns import Turn
from tui.clients.helm.releases import HelmRelease, HelmRevision
from tui.clients.helm.verbs import ChartCall, Helm
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.model.masking import Mask, mask_of
from tui.model.releases import Release
from tui.model.rollouts import Verdict
from tui.ports.telling import Note, Steps

NOTES = "release notes"
ReadContent = Callable[[], Awaitable[Content]]
"""Returns what is on record of a release; raises FaultError where that is lost."""


@frozen
class ByChart:
    """Runs helm for one release."""

    helm: Helm
    recovery: Recovery
    name: str
    """The Helm release's name."""
    namespace: str
    dry_runs: DryRuns
    hooks: Hooks

    async def deploy(
        self,
        call: ChartCall,
        release: Release,
        records: Sequence[Record],
        turn: Turn,
        steps: Steps,
    ) -> Applied:
        """Install or upgrade; raises FaultError.

        Refuses a chart of which nothing would be left, for an upgrade to it removes what runs, and
        one that runs other images only.
        """
        before = await self.recovery.settle(self.name, turn.hold, steps)
        judged, _ = await asyncio.gather(
            self.dry_runs.judge(call, release.spec, records), self.helm.version()
        )
        if isinstance(judged, Fault):
            raise FaultError(judged)
        await turn.hold()
        async with self._changing(f"helm upgrade {self.name}", before, steps) as note:
            deployed = await self.helm.upgrade(
                self.name,
                call,
                description(release),
                anew=before is not None and before.uninstalled,
                validate=judged != "valid",
            )
            note.text = f"Helm revision {deployed.revision.revision}"
        done = applied(deployed, self.namespace)
        await tell_notes(deployed.notes, mask_of(values_held(done.content.documents)), steps)
        return done

    async def objects(self, call: ChartCall) -> tuple[RawObject, ...]:
        """Return what the chart renders to without asking the cluster; raises FaultError."""
        text = await self.helm.template(self.name, call)
        return tuple(document.object for document in read_documents(text, call.chart.name))

    async def roll_back(
        self, past: Record, content: ReadContent, release: Release, turn: Turn, steps: Steps
    ) -> Applied:
        """Go back to what helm, or else the record, has of a release; raises FaultError."""
        before = await self.recovery.settle(self.name, turn.hold, steps)
        kept = await self.helm.history(self.name) if before else ()
        if past.helm_revision not in {revision.revision for revision in kept}:
            recorded = await content()
            await turn.hold()
            return await self._restore(past, recorded, release, before, steps)
        await turn.hold()
        async with self._changing(f"helm rollback {self.name}", before, steps) as note:
            deployed = await self.helm.rollback(self.name, past.helm_revision)
            note.text = f"to Helm revision {past.helm_revision}"
        return applied(deployed, self.namespace)

    async def _restore(
        self,
        past: Record,
        content: Content,
        release: Release,
        before: HelmRevision | None,
        steps: Steps,
    ) -> Applied:
        """Go back to what is on record of a release, hooks left out; raises FaultError."""
        anew = before is not None and before.uninstalled
        with kept_chart(content) as call:
            async with self._changing(f"helm upgrade {self.name}", before, steps) as note:
                deployed = await self.helm.upgrade(self.name, call, description(release), anew=anew)
                note.text = f"Helm revision {past.helm_revision} was forgotten: from the record"
        return replace(applied(deployed, self.namespace), content=content)

    @asynccontextmanager
    async def _changing(
        self, step: str, before: HelmRevision | None, steps: Steps
    ) -> AsyncIterator[Note]:
        """Tell the step inside of which helm changes the release, and what its hooks do."""
        async with (
            steps.step(step) as note,
            self.recovery.noted(self.name, before),
            self.hooks.followed(partial(tell_trouble, steps, step)),
        ):
            yield note


def applied(deployed: HelmRelease, namespace: str) -> Applied:
    """Return what a Helm release asked the cluster for."""
    documents = read_documents(deployed.manifest, "rendered")
    objects = tuple(document.object for document in documents)
    return Applied(
        "chart",
        Content(objects, plain_values(deployed.values)),
        refs_of(documents, namespace),
        deployed.revision.revision,
        hook_refs(deployed.hooks, namespace),
    )


def plain_values(values: Any) -> dict[str, Any]:
    """Return the values as a dict, whatever helm gave."""
    return dict(values) if isinstance(values, dict) else {}


async def tell_notes(notes: str, mask: Mask, steps: Steps) -> None:
    """Tell a chart's notes as a step of their own, where it has any."""
    lines = notes.strip().splitlines()
    if lines:
        async with steps.step(NOTES):
            steps.printed(NOTES, tuple(mask.lines(lines)))


def tell_trouble(steps: Steps, step: str, verdict: Verdict) -> None:
    """Tell what is the matter with a hook that helm waits for."""
    lines = (f"hook: {verdict.sentence}", *verdict.evidence, f"→ {verdict.remedy}")
    steps.printed(step, lines)


def description(release: Release) -> str:
    """Return what `helm history` shows of a release of ours, no two the same."""
    where = f" of {release.commit.branch}" if release.commit.branch else ""
    return f"redraft {release.revision}: {release.image.tag[:12]}{where}"
