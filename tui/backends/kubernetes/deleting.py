"""Deleting: what this release made is removed, and nothing else.

The history stays, in helm and in the records, unless it is asked to go as well: the newest record
then says that what it tells of runs no more. A namespace stays even if it was made for the release,
for others may have moved in; so do the volume claims that StatefulSets made, which is told.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.backends.kubernetes.by_chart import applied
from tui.backends.kubernetes.by_manifests import owner_of
from tui.backends.kubernetes.claims import claims_left, present_claims
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.hook_objects import hook_refs, is_hook_of, is_kept
from tui.backends.kubernetes.leasing import Holder, leased
from tui.backends.kubernetes.ledger import Ledger
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.pruning import Pruner, is_adopted
from tui.backends.kubernetes.pulling import pull_secret_ref
from tui.backends.kubernetes.records import Record, Ref
from tui.backends.kubernetes.turns import Hold
from tui.clients.helm.releases import HelmRelease
from tui.clients.helm.verbs import Helm
from tui.model import events as e
from tui.model.counts import count_of
from tui.model.faults import FaultError
from tui.model.frozen import frozen
from tui.ports.telling import Steps

if TYPE_CHECKING:
    from tui.clients.kube.session import KubeSession

HELM = "Helm"
"""How helm labels what it manages."""


@frozen
class Deleter:
    """Removes one release."""

    cluster: Cluster
    ledger: Ledger
    helm: Helm
    name: str
    holder: Holder

    async def belongings(self) -> tuple[str, ...]:
        """Return what would be removed, a line each, and what would not; raises FaultError."""
        records = await self.ledger.records()
        session = await self.cluster.session()
        lines = [str(ref) for ref, _ in await self._ours(session, records)]
        deployed = await self._deployed(records)
        if deployed and not deployed.revision.uninstalled:
            lines.append(f"the Helm release {self.name}, with")
            lines += [f"  {ref}" for ref in applied(deployed, self.cluster.namespace).objects]
        left = await self._left(session, self._ran(records, deployed))
        lines += [f"{ref}, a hook" for ref, _ in left]
        if claims := await self._claims(session, records):
            lines.append(present_claims(claims, self.cluster.place))
        return tuple(lines)

    async def _claims(self, session: "KubeSession", records: Sequence[Record]) -> tuple[str, ...]:
        """Return the volume claims that stay of what goes."""
        sets = [ref for ref in released(records) if ref.kind == "StatefulSet"]
        owners = {self.name, HELM} if is_charted(records) else {self.name}
        there = await self._pruner(session).there(sets)
        going = [one for _, one in there if owner_of(one) in owners and not is_adopted(one)]
        return await claims_left(session, self.cluster.namespace, going)

    def _ran(self, records: Sequence[Record], deployed: HelmRelease | None) -> list[Ref]:
        """Return what ever ran for hooks, as far as that is known: helm leaves it where it is."""
        newest = hook_refs(deployed.hooks, self.cluster.namespace) if deployed else ()
        return list(dict.fromkeys((*(ref for record in records for ref in record.ran), *newest)))

    async def _left(
        self, session: "KubeSession", ran: Sequence[Ref]
    ) -> list[tuple[Ref, RawObject]]:
        """Return what is there of this, and neither another release's nor to be kept."""
        there = await self._pruner(session).there(ran)
        return [(ref, one) for ref, one in there if is_hook_of(one, self.name) and not is_kept(one)]

    async def _deployed(self, records: Sequence[Record]) -> HelmRelease | None:
        """Return what helm has of the release, uninstalled or not; raises FaultError."""
        there = is_charted(records) and await self.helm.find(self.name) is not None
        return await self.helm.status(self.name) if there else None

    async def delete(self, steps: Steps, *, purge: bool) -> None:
        """Remove it, telling each step; raises FaultError."""
        try:
            async with leased(self.cluster, self.name, self.holder, steps.tell) as hold:
                await self._delete(hold, steps, purge=purge)
        except FaultError as error:
            if error.fault.code != "namespace-missing":  # all of it went with its namespace
                raise

    async def _delete(self, hold: Hold, steps: Steps, *, purge: bool) -> None:
        session = await self.cluster.session()
        records = await self.ledger.records()
        claims = await self._claims(session, records)
        deployed = await self._deployed(records)
        if deployed and (purge or not deployed.revision.uninstalled):
            async with steps.step(f"helm uninstall {self.name}"):
                await hold()
                await self.helm.uninstall(self.name, keep_history=not purge)
        # looked for only now: helm may just have run some, or made them anew
        left = await self._left(session, self._ran(records, deployed))
        await self._remove(session, [*await self._ours(session, records), *left], hold, steps)
        await hold()
        if records:  # before the history goes as well: an open redraft sees it by this
            newest = records[-1].release.revision
            await self.ledger.change(newest, lambda known: replace(known, deleted=True))
        if purge:
            await self.ledger.forget({record.release.revision for record in records}, hold)
        if claims:
            steps.tell(e.Noticed(present_claims(claims, self.cluster.place)))

    async def _remove(
        self,
        session: "KubeSession",
        found: Sequence[tuple[Ref, RawObject]],
        hold: Hold,
        steps: Steps,
    ) -> None:
        if not found:
            return
        step = f"delete {count_of(len(found), 'object')}"
        async with steps.step(step):
            for ref, live in reversed(found):
                await hold()
                await self._pruner(session).remove(ref, live)
                steps.printed(step, (str(ref),))

    async def _ours(
        self, session: "KubeSession", records: Sequence[Record]
    ) -> list[tuple[Ref, RawObject]]:
        refs = released(records, pull_secret_ref(self.name, self.cluster.namespace))
        return await self._pruner(session).ours(refs)

    def _pruner(self, session: "KubeSession") -> Pruner:
        from tui.clients.kube.resources import Resources

        return Pruner(session, Resources(session), self.name)


def is_charted(records: Sequence[Record]) -> bool:
    """Whether helm has a part in the history, or may have: one may have died half-way."""
    return any(record.helm_revision or record.means == "chart" for record in records)


def released(records: Sequence[Record], *more: Ref) -> list[Ref]:
    """Return every object that was ever released, once each; helm's own are told by their label.

    A namespace is never among them: others may have moved in.
    """
    refs = (*(ref for record in records for ref in record.objects), *more)
    return list({ref.identity: ref for ref in refs if ref.kind != "Namespace"}.values())
