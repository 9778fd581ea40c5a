"""Retention: which releases are kept, and which of them one can roll back to. Pure."""

from collections.abc import Sequence

from tui.backends.history import E
from tui.model.rollouts import Rollout

IMAGES_KEPT = 10
"""Releases one can roll back to."""
RELEASES_KEPT = 200
"""Releases that the history shows."""


def running_revisions(rollout: Rollout) -> set[int]:
    """Return the revisions that have a process, or are to have one."""
    wanted = {rollout.revision, rollout.serving, *(pod.revision for pod in rollout.pods)}
    return wanted - {0}


def retained(entries: Sequence[E], running: set[int]) -> list[E]:
    """Return the newest releases, the running ones, and the last good one."""
    newest = {e.release.revision for e in entries[-IMAGES_KEPT:]}
    good = [e.release.revision for e in entries if e.release.outcome == "ready"]
    keep = newest | running | set(good[-1:])
    return [entry for entry in entries if entry.release.revision in keep]
