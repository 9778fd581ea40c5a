"""Elsewhere: workloads of a release that are in another namespace than it is looked at in. Pure.

Their rollout is not watched. That is told of some; where it holds for all of them, whether the
release is up would never be known, and it counts as failed.
"""

from collections.abc import Iterable, Iterator, Sequence

from tui.backends.kubernetes.marking import WORKLOADS
from tui.backends.kubernetes.records import Ref
from tui.model.faults import Fault, FaultError


def see_watched(refs: Iterable[Ref], here: str) -> None:
    """Raise FaultError where all workloads, of which there are some, are `elsewhere`."""
    if fault := elsewhere(refs, here):
        raise FaultError(fault)


def elsewhere(refs: Iterable[Ref], here: str) -> Fault | None:
    """Return what is wrong where there are workloads, and none of them is in this namespace."""
    workloads = [ref for ref in refs if ref.kind in WORKLOADS]
    if any(ref.namespace == here for ref in workloads):
        return None
    return _elsewhere(workloads, here) if workloads else None


def unwatched(refs: Iterable[Ref], here: str) -> Iterator[str]:
    """Yield what is to be told of the workloads that are not in this namespace."""
    for ref in refs:
        if ref.kind in WORKLOADS and ref.namespace != here:
            yield f"{ref} is in {ref.namespace} and not in {here}: its rollout is not watched"


def _elsewhere(workloads: Sequence[Ref], here: str) -> Fault:
    where = ", ".join(f"{ref} is in {ref.namespace}" for ref in workloads)
    return Fault(
        "workloads-elsewhere",
        f"no workload of this release is in its namespace {here}: {where}",
        kind="usage",
        place="draft.toml",
        remedy=f'set `namespace = "{workloads[0].namespace}"` in draft.toml, '
        "or take `metadata.namespace` out of the manifests",
    )
