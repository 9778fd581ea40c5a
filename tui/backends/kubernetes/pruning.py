"""Pruning: objects of earlier releases that the present one has no more.

Only what still carries this release's label goes, and only after it was shown. Where data would be
lost with it, it stays.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tui.backends.kubernetes.labels import ADOPTED, MANAGED_BY, OURS, RELEASE
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.records import Ref
from tui.backends.kubernetes.turns import Hold
from tui.model.counts import count_of
from tui.model.faults import FaultError
from tui.model.frozen import frozen
from tui.ports.telling import Steps

if TYPE_CHECKING:
    from tui.clients.kube.resources import Resources
    from tui.clients.kube.session import KubeSession

KEPT = frozenset(
    {"Namespace", "CustomResourceDefinition", "PersistentVolumeClaim", "PersistentVolume"}
)
"""Kinds that take data with them."""


@frozen
class Pruner:
    """Removes objects of one release."""

    session: "KubeSession"
    resources: "Resources"
    name: str

    async def prune(self, refs: Iterable[Ref], hold: Hold, steps: Steps) -> None:
        """Show what is left over, then remove it; raises FaultError."""
        found = await self.ours(refs)
        if not found:
            return
        step = f"prune {count_of(len(found), 'object')}"
        async with steps.step(step):
            shown = (f"{ref} is in no manifest any more: removed" for ref, _ in found)
            steps.printed(step, tuple(shown))
            for ref, live in found:
                await hold()
                await self.remove(ref, live)

    async def ours(self, refs: Iterable[Ref]) -> list[tuple[Ref, RawObject]]:
        """Return those that are there and were made by this release; raises FaultError."""
        return [(ref, live) for ref, live in await self.there(refs) if is_made_by(live, self.name)]

    async def there(self, refs: Iterable[Ref]) -> list[tuple[Ref, RawObject]]:
        """Return those that are there, whoever made them; raises FaultError."""
        found = [(ref, await self._live(ref)) for ref in refs]
        return [(ref, live) for ref, live in found if live]

    async def remove(self, ref: Ref, live: RawObject) -> None:
        """Remove this very object; one that was made anew under its name stays."""
        from tui.clients.kube.applying import delete

        resource = await self.resources.find(ref.api_version, ref.kind)
        uid = str(live["metadata"]["uid"])
        await delete(self.session, resource, ref.namespace, ref.name, uid=uid)

    async def _live(self, ref: Ref) -> RawObject | None:
        try:
            resource = await self.resources.find(ref.api_version, ref.kind)
            return await self.session.get(resource.path(ref.namespace, ref.name))
        except FaultError as error:
            if error.fault.code in {"api-not-found", "kind-unknown"}:
                return None
            raise


def prunable(known: set[Ref], wanted: Iterable[Ref]) -> list[Ref]:
    """Return what was released and is not wanted any more, in a fixed order."""
    kept = {ref.identity for ref in wanted}
    left = {ref.identity: ref for ref in sorted(known) if ref.identity not in kept}
    return [ref for ref in left.values() if ref.kind not in KEPT]


def is_made_by(live: RawObject, name: str) -> bool:
    """Whether an object was made by this release, and not only taken into it."""
    labels = live["metadata"].get("labels") or {}
    mine = labels.get(MANAGED_BY) == OURS and labels.get(RELEASE) == name
    return mine and not is_adopted(live)


def is_adopted(live: RawObject) -> bool:
    """Whether an object was there before the release that has it."""
    return ADOPTED in (live["metadata"].get("annotations") or {})
