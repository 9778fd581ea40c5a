"""Pruning: what no retained release needs goes."""

from tui.backends.history import History
from tui.backends.local.building import Builder
from tui.backends.local.entries import LocalEntry
from tui.backends.retention import RELEASES_KEPT, retained, running_revisions
from tui.model.rollouts import Rollout


def prune(
    history: History[LocalEntry], builder: Builder, rollout: Rollout
) -> tuple[tuple[str, ...], int]:
    """Delete what no retained release needs; return the tags and the bytes freed. Blocking.

    Nothing while a release cannot be read: what it needs is not known.
    """
    if history.unreadable():
        return (), 0
    entries = history.entries()
    kept = retained(entries, running_revisions(rollout))
    tags, freed = builder.snapshots.prune({entry.release.image.tag for entry in kept})
    builder.keep_dependencies({entry.dependencies for entry in kept if entry.dependencies})
    newest = entries[-1].release.revision if entries else 0
    builder.revisions.remove_all_but(running_revisions(rollout) | {newest}, below=newest)
    revisions = {entry.release.revision for entry in kept}
    old = [e.release.revision for e in entries[:-RELEASES_KEPT]]
    history.forget(revision for revision in old if revision not in revisions)
    return tags, freed
