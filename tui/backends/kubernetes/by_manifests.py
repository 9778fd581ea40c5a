"""Releasing by manifests: server-side apply of each object, then pruning what is left over.

Fields that somebody else has set meanwhile are taken back, and that is said: the manifests are what
the user wants. Objects that another release or another tool manages are never touched. One that was
there before this release is taken into it but marked, so that it is never deleted with it. Whose an
object is, the object itself tells each time: it may be on record and was never applied, and an
apply takes away the mark unless it is applied again.
"""

from collections.abc import Collection, Sequence
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING

from tui.backends.kubernetes.applied import Applied, once_applied, refs_of
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.defining import once_defined
from tui.backends.kubernetes.definitions import defined_kinds, kind_of
from tui.backends.kubernetes.documents import Document, ref_of
from tui.backends.kubernetes.elsewhere import see_watched
from tui.backends.kubernetes.labels import ADOPTED, MANAGED_BY, OURS, RELEASE
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.pruning import Pruner, is_adopted, prunable
from tui.backends.kubernetes.records import Content, Identity, Record, Ref, is_whole
from tui.backends.kubernetes.turns import Hold, Turn
from tui.backends.kubernetes.validating import validate
from tui.model.counts import count_of
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.ports.telling import Steps

if TYPE_CHECKING:
    from tui.clients.kube.resources import Resources
    from tui.clients.kube.session import KubeSession


@frozen
class ByManifests:
    """Applies the objects of one release."""

    cluster: Cluster
    name: str

    async def deploy(
        self,
        documents: Sequence[Document],
        records: Sequence[Record],
        turn: Turn,
        steps: Steps,
    ) -> Applied:
        """Apply the documents and prune what earlier releases had besides; raises FaultError."""
        from tui.clients.kube.resources import Resources

        refs = refs_of(documents, self.cluster.namespace)
        see_watched(refs, self.cluster.namespace)
        session = await self.cluster.session()
        resources = Resources(session)
        await self._know_kinds(resources, documents)
        await validate(session, resources, documents, self.cluster.namespace)
        await turn.intend(refs)
        released = released_before(records)
        defined = defined_kinds(document.object for document in documents)
        step = f"apply {count_of(len(documents), 'object')}"
        async with steps.step(step):
            for number, document in enumerate(documents, start=1):
                ask = partial(self._apply, session, resources, document, released, turn.hold)
                with once_applied(refs[:number]):
                    new = kind_of(document.object) in defined
                    line = await (once_defined(ask) if new else ask())
                steps.printed(step, (line,))
        known = {ref for record in records for ref in record.objects}
        with once_applied(refs):
            pruner = Pruner(session, resources, self.name)
            await pruner.prune(prunable(known, refs), turn.hold, steps)
        objects = tuple(document.object for document in documents)
        return Applied("manifests", Content(objects), refs)

    async def _know_kinds(self, resources: "Resources", documents: Sequence[Document]) -> None:
        """See that every kind is known before anything is changed."""
        defined = defined_kinds(document.object for document in documents)
        for document in documents:
            obj = document.object
            if kind_of(obj) not in defined:
                await resources.find(obj["apiVersion"], obj["kind"], document.place)

    async def _apply(
        self,
        session: "KubeSession",
        resources: "Resources",
        document: Document,
        released: Collection[Identity],
        hold: Hold,
    ) -> str:
        """Apply one object and return a line that says so."""
        from tui.clients.kube.applying import apply

        namespace, place, taken = self.cluster.namespace, document.place, ""
        ref = ref_of(document.object, namespace)
        live = await self._live(session, resources, ref, place)
        wanted = self._marked(document, ref, live, released)
        await hold()
        try:
            await apply(session, resources, wanted, namespace, place=place)
        except FaultError as error:
            if error.fault.code != "api-conflict":
                raise
            await hold()
            await apply(session, resources, wanted, namespace, place=place, force=True)
            taken = f": {error.fault.sentence}, taken over"
        return f"{ref}{taken}"

    async def _live(
        self, session: "KubeSession", resources: "Resources", ref: Ref, place: str
    ) -> RawObject | None:
        """Return the object as it is, None where there is none; raises FaultError."""
        resource = await resources.find(ref.api_version, ref.kind, place)
        try:
            return await session.get(resource.path(ref.namespace, ref.name))
        except FaultError as error:
            if error.fault.code == "api-not-found":
                return None
            raise

    def _marked(
        self, document: Document, ref: Ref, live: RawObject | None, released: Collection[Identity]
    ) -> RawObject:
        """Return the object marked where it was there before; raises FaultError for another's."""
        if live is None:
            return document.object
        owner = owner_of(live)
        if owner not in {"", self.name} and ref.identity not in released:
            raise FaultError(_foreign(ref, owner, document.place))
        there_before = not owner or is_adopted(live)
        return adopted(document.object) if there_before else document.object


def released_before(records: Sequence[Record]) -> set[Identity]:
    """Return what was surely applied by a release since the last deletion, a chart's too."""
    since = takewhile(lambda record: not record.deleted, reversed(records))
    return {ref.identity for record in since if is_whole(record) for ref in record.objects}


def owner_of(live: RawObject) -> str:
    """Return the release or the tool that manages an object; empty for nobody."""
    labels = live["metadata"].get("labels") or {}
    if labels.get(MANAGED_BY) == OURS:
        return str(labels.get(RELEASE, OURS))
    return str(labels.get(MANAGED_BY, ""))


def adopted(obj: RawObject) -> RawObject:
    """Return the object marked as one that was there before."""
    metadata = obj["metadata"]
    annotations = {**(metadata.get("annotations") or {}), ADOPTED: "true"}
    return {**obj, "metadata": {**metadata, "annotations": annotations}}


def _foreign(ref: Ref, owner: str, place: str) -> Fault:
    return Fault(
        "object-foreign",
        f"{ref} is there already and belongs to {owner}",
        kind="usage",
        place=place,
        remedy="give it another name, or remove the label that says whose it is",
    )
