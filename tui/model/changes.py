"""Changes: what happened to the files of the build context, and what was done about it."""

from dataclasses import field
from typing import Literal

from tui.model.frozen import frozen

CONTEXT_CHANGED = "context-changed"
"""The code of the fault that a file changed while a build read it."""

ChangeKind = Literal["added", "modified", "deleted"]


@frozen
class Change:
    """One file seen to change."""

    path: str
    """Relative to the project folder, with forward slashes."""
    kind: ChangeKind
    ignored_by: str = ""
    """The rule that ignores it, such as `.dockerignore:3`; empty when it counts."""
    in_context: bool = True
    """Whether it is part of the build context: one that is ignored may be, as by git's rules alone;
    then it wakes no one, and the next iteration builds it.
    """
    written: float = field(default=0.0, compare=False)
    """Unix time of the file's last change as the file system has it; 0 when it is gone."""


HoldReason = Literal["paused", "branch-switch", "mass-change", "protected"]
"""Why changes wait: the user paused, git's HEAD moved, more files changed than one save does, or
the place they would be deployed to is protected and its name was not typed yet.
"""

WatchMode = Literal["off", "native", "polling"]


@frozen
class Commit:
    """Where the project's git checkout stands; empty texts without git."""

    id: str = ""
    branch: str = ""
    dirty: bool = False


NO_COMMIT = Commit()
