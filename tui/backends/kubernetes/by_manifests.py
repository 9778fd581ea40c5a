"""Releasing by manifests: server-side apply of each object, then pruning what is left over.

Fields that somebody else has set meanwhile are taken back, and that is said: the manifests are what
the user wants. Objects that another release or another tool manages are never touched. One that was
there before this release is taken into it but marked, so that it is never deleted with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tui.backends.kubernetes.applied import Applied, once_applied, refs_of
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.documents import Document, ref_of
from tui.backends.kubernetes.labels import ADOPTED, MANAGED_BY, OURS, RELEASE
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.pruning import Pruner, prunable
from tui.backends.kubernetes.records import Content, Record, Ref
from tui.model.counts import count_of
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.ports.telling import Steps

if TYPE_CHECKING:
    from tui.clients.kube.resources import Resources
    from tui.clients.kube.session import KubeSession

DEFINITION = "CustomResourceDefinition"


@frozen
class ByManifests:
    """Applies the objects of one release."""

    cluster: Cluster
    name: str

    async def deploy(
        self, documents: Sequence[Document], records: Sequence[Record], steps: Steps
    ) -> Applied:
        """Apply the documents and prune what earlier releases had besides; raises FaultError."""
        from tui.clients.kube.resources import Resources

        session = await self.cluster.session()
        resources = Resources(session)
        await self._know_kinds(resources, documents)
        known = {ref for record in records for ref in record.objects}
        refs = refs_of(documents, self.cluster.namespace)
        step = f"apply {count_of(len(documents), 'object')}"
        async with steps.step(step):
            for number, document in enumerate(documents, start=1):
                with once_applied(refs[:number]):
                    line = await self._apply(session, resources, document, known)
                steps.printed(step, (line,))
        with once_applied(refs):
            await Pruner(session, resources, self.name).prune(prunable(known, refs), steps)
        objects = tuple(document.object for document in documents)
        return Applied("manifests", Content(objects), refs)

    async def _know_kinds(self, resources: "Resources", documents: Sequence[Document]) -> None:
        """See that every kind is known before anything is changed."""
        defined = defined_kinds(document.object for document in documents)
        for document in documents:
            version, kind = document.object["apiVersion"], document.object["kind"]
            if kind not in defined:
                await resources.find(version, kind, document.place)

    async def _apply(
        self,
        session: "KubeSession",
        resources: "Resources",
        document: Document,
        known: set[Ref],
    ) -> str:
        """Apply one object and return a line that says so."""
        from tui.clients.kube.applying import apply

        namespace = self.cluster.namespace
        ref = ref_of(document.object, namespace)
        wanted: Mapping[str, Any] = document.object
        new = ref.identity not in {one.identity for one in known}
        if new and await self._was_there(session, resources, ref, document.place):
            wanted = adopted(wanted)
        place, taken = document.place, ""
        try:
            await apply(session, resources, wanted, namespace, place=place)
        except FaultError as error:
            if error.fault.code != "api-conflict":
                raise
            await apply(session, resources, wanted, namespace, place=place, force=True)
            taken = f": {error.fault.sentence}, taken over"
        return f"{ref}{taken}"

    async def _was_there(
        self, session: "KubeSession", resources: "Resources", ref: Ref, place: str
    ) -> bool:
        """Whether somebody made the object before; raises FaultError when it is another's."""
        resource = await resources.find(ref.api_version, ref.kind, place)
        try:
            live = await session.get(resource.path(ref.namespace, ref.name))
        except FaultError as error:
            if error.fault.code == "api-not-found":
                return False
            raise
        owner = owner_of(live)
        if owner not in {"", self.name}:
            raise FaultError(_foreign(ref, owner, place))
        return not owner


def defined_kinds(objects: Iterable[RawObject]) -> set[str]:
    """Return the kinds that definitions among the objects bring with them."""
    return {
        str(obj["spec"]["names"]["kind"])
        for obj in objects
        if obj["kind"] == DEFINITION and "names" in obj.get("spec", {})
    }


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
