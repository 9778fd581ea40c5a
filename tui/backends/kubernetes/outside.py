"""Releases made outside redraft: what came after the newest record. Pure.

They are told by numbers only: a Helm revision above the newest on record, or a revision of a
workload above the one it had when its record was settled. A `helm upgrade` by hand makes both, so
where helm tells of something the workloads are not asked. An entry has the number that its record
will get: the next deploy writes them down before its own. When a workload was put back to an
earlier template nothing tells: it was made long before, and released after what is on record.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from tui.backends.kubernetes.configuration import DEADLINE
from tui.backends.kubernetes.documents import read_documents, ref_of
from tui.backends.kubernetes.hook_objects import hook_refs
from tui.backends.kubernetes.kept_revisions import KeptRevision
from tui.backends.kubernetes.manifests import images_of, repository
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.records import Mark, Record
from tui.clients.helm.releases import GOOD, HelmRelease
from tui.model.images import Image
from tui.model.releases import Outcome, Release, ReleaseSpec

KEPT = 10
"""Releases made outside that are looked at, the newest."""


def from_helm(
    releases: Iterable[HelmRelease], before: Record, name: str, namespace: str
) -> tuple[Record, ...]:
    """Return Helm revisions that are not ours as records after `before`."""
    found = []
    for number, helm in enumerate(releases, start=before.release.revision + 1):
        documents = [one.object for one in read_documents(helm.manifest, "rendered")]
        told = helm.revision
        outcome: Outcome = "ready" if told.status in GOOD else "failed"
        release = _release(number, _image(documents, before, name), f"helm {told.revision}")
        found.append(
            Record(
                replace(release, started=told.updated, outcome=outcome),
                "outside",
                told.revision,
                objects=tuple(ref_of(document, namespace) for document in documents),
                ran=hook_refs(helm.hooks, namespace),
            )
        )
    return tuple(found)


def from_workload(
    kept: Sequence[KeptRevision], mark: Mark, before: Record, name: str
) -> tuple[Record, ...]:
    """Return a workload's revisions after the one on record as records after `before`."""
    newer = newer_than(kept, mark.revision)[-KEPT:]
    return tuple(
        Record(
            replace(
                _release(
                    number,
                    _image([{"spec": {"template": one.template}}], before, name),
                    f"{mark.kind} {mark.name} {one.revision}",
                ),
                started=max(_unix(one.created), before.release.started),
                outcome="ready",
            ),
            "outside",
            marks=(replace(mark, revision=one.revision, template=""),),
            objects=before.objects,
        )
        for number, one in enumerate(newer, start=before.release.revision + 1)
    )


def newer_than(kept: Sequence[KeptRevision], revision: str) -> list[KeptRevision]:
    """Return the revisions after one; none when that one is not known."""
    number = next((one.number for one in kept if one.revision == revision), None)
    if number is None and revision.isdecimal():  # a Deployment's: renumbered by a rollback to it
        number = int(revision)
    return [] if number is None else [one for one in kept if one.number > number]


def _release(revision: int, image: Image, config: str) -> Release:
    spec = ReleaseSpec(deadline=DEADLINE, config=config)
    return Release(revision, image, spec, trigger="outside")


def _image(documents: Sequence[RawObject], before: Record, name: str) -> Image:
    """Return the image that runs the app: the one of its name, else the first."""
    images = [image for document in documents for image in images_of(document)]
    names = {name, before.release.image.name}
    ours = next((image for image in images if repository(image) in names), "")
    return image_of(ours or next(iter(images), ""))


def image_of(reference: str) -> Image:
    """Read an image's reference; one without a tag shows its digest for it."""
    named, _, digest = reference.partition("@")
    name = repository(named)
    tag = named.removeprefix(name).removeprefix(":")
    return Image(name, tag or digest.removeprefix("sha256:")[:40] or "latest", digest)


def _unix(text: str) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return 0.0
