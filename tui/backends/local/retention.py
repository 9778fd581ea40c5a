"""Retention: what is kept for a rollback, and what goes."""

from collections.abc import Sequence

from tui.backends.local.building import Builder
from tui.backends.local.history import Entry, History
from tui.model.rollouts import Rollout

SNAPSHOTS_KEPT = 10
"""Releases one can roll back to."""
RELEASES_KEPT = 200
"""Releases that the history shows."""


def prune(history: History, builder: Builder, rollout: Rollout) -> tuple[tuple[str, ...], int]:
    """Delete what no retained release needs; return the tags and the bytes freed. Blocking."""
    entries = history.entries()
    kept = retained(entries, running_revisions(rollout))
    tags, freed = builder.snapshots.prune({entry.release.image.tag for entry in kept})
    builder.dependencies.keep_only({entry.dependencies for entry in kept if entry.dependencies})
    newest = entries[-1].release.revision if entries else 0
    builder.revisions.remove_all_but(running_revisions(rollout) | {newest}, below=newest)
    revisions = {entry.release.revision for entry in kept}
    old = [e.release.revision for e in entries[:-RELEASES_KEPT]]
    history.forget(revision for revision in old if revision not in revisions)
    return tags, freed


def running_revisions(rollout: Rollout) -> set[int]:
    """Return the revisions that have a process, or are to have one."""
    wanted = {rollout.revision, rollout.serving, *(pod.revision for pod in rollout.pods)}
    return wanted - {0}


def retained(entries: Sequence[Entry], running: set[int]) -> list[Entry]:
    """Return the newest releases, the running ones, and the last good one."""
    newest = {e.release.revision for e in entries[-SNAPSHOTS_KEPT:]}
    good = [e.release.revision for e in entries if e.release.outcome == "ready"]
    keep = newest | running | set(good[-1:])
    return [entry for entry in entries if entry.release.revision in keep]
