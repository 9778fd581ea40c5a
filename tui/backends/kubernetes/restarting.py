"""Restarting: new pods of the same template, as `kubectl rollout restart` makes them.

Files may have been synced into the pods of an image: a release of that very image would leave them
as they are, for nothing of them changes by it.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.manifests import images_of, repository
from tui.backends.kubernetes.marking import WORKLOADS
from tui.backends.kubernetes.records import Record, Ref
from tui.backends.kubernetes.turns import Hold
from tui.clients.kube.session import MERGE_PATCH
from tui.model.releases import Release

ANNOTATION = "kubectl.kubernetes.io/restartedAt"
ONCE = frozenset({"Job"})
"""Kinds whose pods cannot be made anew."""


def may_be_synced(release: Release, records: Iterable[Record]) -> bool:
    """Whether files were ever synced into pods of this release's image."""
    tag = release.image.tag
    return any(one.release.synced and one.release.image.tag == tag for one in records)


async def restart(cluster: Cluster, objects: Iterable[Ref], image: str, hold: Hold) -> None:
    """Have all workloads among these objects that run an image of this name make their pods anew.

    Raises FaultError.
    """
    session = await cluster.session()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    annotated = {"metadata": {"annotations": {ANNOTATION: now}}}
    for ref in objects:
        if ref.kind not in WORKLOADS or ref.kind in ONCE:
            continue
        path = WORKLOADS[ref.kind].format(ref.namespace, ref.name)
        if image in map(repository, images_of(await session.get(path))):
            body = {"spec": {"template": annotated}}
            await hold()
            await session.patch(path, body=body, content_type=MERGE_PATCH)
