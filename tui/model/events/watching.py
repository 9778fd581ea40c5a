"""What the files did, and what was made of it."""

from tui.model.changes import NO_COMMIT, Change, Commit, HoldReason, WatchMode
from tui.model.faults import Fault
from tui.model.frozen import frozen


@frozen
class WatchStarted:
    """Files are watched; `reason` says why by polling where native events failed."""

    mode: WatchMode
    reason: str = ""


@frozen
class WatchPaused:
    """The user paused watching; changes queue."""


@frozen
class WatchResumed:
    """Watching goes on; what queued is built."""


@frozen
class WatchFailed:
    """Watching ended with a fault."""

    fault: Fault


@frozen
class FilesChanged:
    """The quiet period ended; these files had changed, ignored ones included."""

    changes: tuple[Change, ...]
    commit: Commit = NO_COMMIT


@frozen
class IgnoreRulesReloaded:
    """An ignore file changed and its new rules hold from now on."""

    paths: tuple[str, ...]


@frozen
class ChangesHeld:
    """Changes wait for the user."""

    reason: HoldReason
    count: int


@frozen
class HeldChangesReleased:
    """The user let the held changes go."""


@frozen
class HeldChangesDropped:
    """The user leaves the held changes unbuilt; the next save builds the tree as it then is."""
