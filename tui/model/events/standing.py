"""How things stand, and what redraft itself has to say."""

from tui.model.connections import Connection
from tui.model.faults import Fault
from tui.model.frozen import frozen
from tui.model.releases import Release
from tui.model.rollouts import Rollout, Verdict


@frozen
class HistoryLoaded:
    """The releases on record, oldest first."""

    releases: tuple[Release, ...]


@frozen
class RolloutObserved:
    """What runs now, with the verdict on it."""

    rollout: Rollout
    verdict: Verdict


@frozen
class ConnectionsChanged:
    """Local ports were opened or closed, or lead elsewhere now; none after a disconnect."""

    connections: tuple[Connection, ...]


@frozen
class DiskMeasured:
    """Bytes that redraft keeps for this environment."""

    snapshots: int
    dependencies: int
    logs: int


@frozen
class OldSnapshotsPruned:
    """Snapshots no retained release needs were deleted."""

    tags: tuple[str, ...]
    freed: int


@frozen
class CommandRefused:
    """A command could not be taken now."""

    command: str
    reason: str


@frozen
class FaultRaised:
    """Something went wrong outside an iteration."""

    fault: Fault


@frozen
class Noticed:
    """Something worth a line, not a fault."""

    text: str
