"""Releases: the history of what was deployed, kept where it runs."""

from dataclasses import field
from typing import Literal

from tui.model.changes import Commit
from tui.model.frozen import frozen
from tui.model.images import Image

Trigger = Literal["first", "save", "key", "command", "rollback", "resume", "outside"]
"""What started an iteration: nothing ran yet, a save, a key, the command line, a rollback, held
changes let go; `outside` marks a release that somebody made without redraft.
"""


def counted_from(trigger: Trigger, saved: float, began: float) -> float:
    """Return the Unix time from which an iteration's seconds count, all in it accounted for.

    Changes that were held waited for the user, not for us.
    """
    return min(saved, began) if trigger == "save" and saved else began


Outcome = Literal["pending", "ready", "failed", "interrupted", "superseded"]


@frozen
class ReleaseSpec:
    """How an image is run: everything a rollback must restore besides the image."""

    replicas: int = 1
    env: tuple[tuple[str, str], ...] = ()
    """Plain settings only; values whose key looks secret are masked by whoever shows them."""
    command: tuple[str, ...] = ()
    port: int = 0
    """The port the app is told or known to listen on inside its pod; 0 for a worker that opens
    none.
    """
    probe_path: str = ""
    """HTTP path that must answer below 400; empty for a TCP probe."""
    stop_grace: float = 10.0
    """Seconds between SIGTERM and SIGKILL."""
    deadline: float = 60.0
    """Seconds until a revision that is not ready counts as failed."""
    config: str = ""
    """Digest of everything else that decides how it runs: chart, values, manifests; empty where the
    backend has nothing like it.
    """


@frozen
class Release:
    """One entry of the history."""

    revision: int
    image: Image
    spec: ReleaseSpec = field(default_factory=ReleaseSpec)
    commit: Commit = field(default_factory=Commit)
    changed: tuple[str, ...] = ()
    """Files changed since the release before."""
    trigger: Trigger = "command"
    rollback_of: int = 0
    """The revision a rollback went back to; 0 for other releases."""
    user: str = ""
    host: str = ""
    started: float = 0.0
    """Unix time in seconds at which it was asked for."""
    seconds: float = 0.0
    """From the save that led to it, or else from the begin of its iteration, to its outcome."""
    outcome: Outcome = "pending"
    cause: str = ""
    """The verdict's cause when it failed."""
    synced: bool = False
    """Whether files were copied into its containers: they may run something else than its image."""


UNREADABLE = "record-unreadable"
"""The cause of a release whose record another version of redraft wrote, or that is damaged."""


def unreadable(revision: int) -> Release:
    """Return what is known of a release by its number alone; nobody can go back to it."""
    return Release(revision, Image("", ""), outcome="interrupted", cause=UNREADABLE)


def present_synced(release: Release) -> str:
    """Return what is to be known of a release whose containers files were copied into."""
    return f"files were synced into revision {release.revision} since it was built"
