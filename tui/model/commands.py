"""Commands: what the user wants, in the imperative."""

from dataclasses import dataclass

from tui.model.releases import Trigger


@dataclass(frozen=True, slots=True)
class Up:
    """Build and deploy the tree as it is now."""

    trigger: Trigger = "key"


@dataclass(frozen=True, slots=True)
class Rollback:
    """Deploy an earlier release again; 0 means the last good one before the present."""

    revision: int = 0


@dataclass(frozen=True, slots=True)
class PauseWatch:
    """Let changes queue instead of building them."""


@dataclass(frozen=True, slots=True)
class ResumeWatch:
    """Build what queued and watch on."""


@dataclass(frozen=True, slots=True)
class ReleaseHeld:
    """Build the changes held after a branch switch or a mass change."""


@dataclass(frozen=True, slots=True)
class DropHeld:
    """Leave the held changes unbuilt until the next save."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop the running build."""


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove what this environment runs and keeps."""


@dataclass(frozen=True, slots=True)
class ConfirmName:
    """The user typed a name, so that a protected place may be changed until redraft ends."""

    name: str


@dataclass(frozen=True, slots=True)
class Connect:
    """Keep local ports open to a ready pod."""


@dataclass(frozen=True, slots=True)
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
