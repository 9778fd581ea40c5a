"""Commands: what the user wants, in the imperative."""

from tui.model.frozen import frozen
from tui.model.releases import Trigger


@frozen
class Up:
    """Build and deploy the tree as it is now."""

    trigger: Trigger = "key"


@frozen
class Rollback:
    """Deploy an earlier release again; 0 means the last good one before the present."""

    revision: int = 0


@frozen
class PauseWatch:
    """Let changes queue instead of building them."""


@frozen
class ResumeWatch:
    """Build what queued and watch on."""


@frozen
class ReleaseHeld:
    """Build the changes held after a branch switch or a mass change."""


@frozen
class DropHeld:
    """Leave the held changes unbuilt until the next save."""


@frozen
class Cancel:
    """Stop the running build."""


@frozen
class Delete:
    """Remove what this environment runs and keeps."""

    purge: bool = False
    """The history too where the backend keeps it for others to see."""


@frozen
class ConfirmName:
    """The user typed a name, so that a protected place may be changed until redraft ends."""

    name: str


@frozen
class Connect:
    """Keep local ports open to a ready pod."""


@frozen
class Disconnect:
    """Close the local ports."""


Command = (
    Up
    | Rollback
    | PauseWatch
    | ResumeWatch
    | ReleaseHeld
    | DropHeld
    | Cancel
    | Delete
    | ConfirmName
    | Connect
    | Disconnect
)
