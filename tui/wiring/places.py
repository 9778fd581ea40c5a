"""Places: where redraft keeps what belongs to a project."""

import hashlib
import re
from pathlib import Path

from platformdirs import user_state_path

from tui.model.faults import Fault, FaultError

LOCK = "lock"
"""Below the state folder: held by the redraft that deploys or deletes the environment."""

TRIES = 5
"""How often a folder is made: a redraft that deletes may take it away, and the one above it."""


def state_folder(project: Path, environment: str) -> Path:
    """Return the folder of an environment's state, without making it.

    One folder a project, named after the project's own and told apart by a hash of its whole path,
    so that two checkouts of one repository never share anything.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", environment):
        raise FaultError(
            Fault(
                "environment-name",
                f"{environment!r} cannot name an environment",
                kind="usage",
                remedy="use letters, digits, dots, dashes and underscores",
            )
        )
    return project_state(project) / environment


def project_state(project: Path) -> Path:
    """Return the folder that holds the state of all environments of a project."""
    resolved = project.resolve()
    digest = hashlib.sha256(bytes(resolved)).hexdigest()[:10]
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", resolved.name)[:40] or "root"
    return user_state_path("redraft") / f"{name}-{digest}"


def make_private(folder: Path) -> None:
    """Make the folder and those above it that are ours, for the user alone; raises FaultError."""
    try:
        _make_private(folder, TRIES)
    except OSError as error:
        raise FaultError(
            Fault(
                "state-unwritable",
                f"the state folder cannot be made: {error.strerror}",
                kind="usage",
                evidence=(str(folder),),
                remedy="make it writable, or point XDG_STATE_HOME at a folder that is",
            )
        ) from error


def _make_private(folder: Path, tries: int) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.parent.chmod(0o700)
        folder.chmod(0o700)
    except FileNotFoundError:
        if tries == 1:
            raise
        _make_private(folder, tries - 1)
