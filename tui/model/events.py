"""Events: everything that happens, told in the past tense.

Every event is a frozen dataclass of plain values, so that a run can be written as JSON lines, read
back and replayed. The bus stamps each with a number and a time. Adding one: define it here, reduce
it in `reduce.py`, present it in the view and in `cli/narration.py`, and give it a line in
CONTRIBUTING's table.
"""

from tui.model.changes import NO_COMMIT, Change, Commit, HoldReason, WatchMode
from tui.model.connections import Connection
from tui.model.faults import Fault
from tui.model.frozen import frozen
from tui.model.images import Image
from tui.model.places import Protection
from tui.model.releases import Release, Trigger
from tui.model.rollouts import Rollout, Verdict
from tui.model.stages import IterationOutcome, StageName, StepOutcome
from tui.model.synced import Incarnation


@frozen
class ProjectOpened:
    """An engine began to look after one environment of one project."""

    project: str
    name: str
    environment: str
    backend: str
    context: str
    namespace: str
    capabilities: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    pack: str = ""
    protection: Protection | None = None


@frozen
class SettingsChanged:
    """draft.toml was read again after a change; what it says holds from now on.

    Its backend, context and namespace are still those of `ProjectOpened`.
    """

    name: str
    environments: tuple[str, ...]
    pack: str = ""
    protection: Protection | None = None
    keys: tuple[str, ...] = ()
    """Those of this environment that have other values now; none where it was only corrected."""

    @property
    def sentence(self) -> str:
        """What is told of it; never a value, which may be a secret."""
        what = f": {', '.join(self.keys)}" if self.keys else ""
        return f"draft.toml is followed{what}"


@frozen
class SettingsRefused:
    """draft.toml was changed and is not followed: it is wrong, or names another place.

    What it said before holds on, but for the other environments that it names.
    """

    fault: Fault
    environments: tuple[str, ...] = ()
    """None where they cannot be read."""


@frozen
class NameConfirmed:
    """The name of the protected place was typed; it may be changed from now on."""


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


@frozen
class IterationStarted:
    """One turn of the loop began."""

    iteration: int
    trigger: Trigger
    paths: tuple[str, ...] = ()
    saved: float = 0.0
    """Unix time of the newest change in it, 0 without one."""
    commit: Commit = NO_COMMIT


@frozen
class StageStarted:
    """A stage of an iteration began."""

    iteration: int
    stage: StageName


@frozen
class StageFinished:
    """A stage of an iteration ended."""

    iteration: int
    stage: StageName
    seconds: float
    outcome: StepOutcome


@frozen
class StepStarted:
    """A step of a stage began, such as `pip install`."""

    iteration: int
    stage: StageName
    step: str


@frozen
class StepProgressed:
    """How far a step is, in its own unit; `B` stands for bytes and is shown as kB, MB and so on."""

    iteration: int
    stage: StageName
    step: str
    done: int
    total: int
    """0 where nobody knows how far it goes."""
    unit: str = ""
    speed: float = 0.0
    """Units a second; 0 where nobody measured."""


@frozen
class StepPrinted:
    """A step printed lines."""

    iteration: int
    stage: StageName
    step: str
    lines: tuple[str, ...]


@frozen
class StepFinished:
    """A step of a stage ended."""

    iteration: int
    stage: StageName
    step: str
    seconds: float
    outcome: StepOutcome
    note: str = ""


@frozen
class ImageBuilt:
    """The build ended with this image."""

    iteration: int
    image: Image


@frozen
class ReleaseStarted:
    """The backend was told to run this release."""

    iteration: int
    release: Release


@frozen
class ReleaseFinished:
    """A release reached its outcome; the history keeps it."""

    iteration: int
    release: Release


@frozen
class IterationFinished:
    """One turn of the loop ended."""

    iteration: int
    outcome: IterationOutcome
    seconds: float
    revision: int = 0
    fault: Fault | None = None


@frozen
class SyncStarted:
    """Saved files are copied into what runs, in place of an iteration."""

    revision: int
    paths: tuple[str, ...]


@frozen
class FilesSynced:
    """The files are in all containers of the revision; they are in no image."""

    revision: int
    paths: tuple[str, ...]
    into: tuple[Incarnation, ...]
    seconds: float
    """Since the save."""


@frozen
class SyncFailed:
    """The files could not be copied into all containers: an iteration takes them up."""

    revision: int
    fault: Fault


@frozen
class SyncedFilesLost:
    """Pods run without the files synced, having been started since: an iteration takes them up."""

    revision: int
    paths: tuple[str, ...]
    pods: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What is told of it."""
        files = "the file" if len(self.paths) == 1 else f"the {len(self.paths)} files"
        pods = self.pods[0] if len(self.pods) == 1 else f"{len(self.pods)} pods"
        return f"{pods} started without {files} synced: the tree has to be built"


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


@frozen
class DeletionStarted:
    """All that this environment has is being removed."""


@frozen
class DeletionStopped:
    """It was not removed whole; a fault tells why."""


@frozen
class EnvironmentDeleted:
    """What this environment had running and stored is gone."""

    elsewhere: bool = False
    """Whether it was another redraft that deleted it."""


Event = (
    ProjectOpened
    | SettingsChanged
    | SettingsRefused
    | NameConfirmed
    | WatchStarted
    | WatchPaused
    | WatchResumed
    | WatchFailed
    | FilesChanged
    | IgnoreRulesReloaded
    | ChangesHeld
    | HeldChangesReleased
    | HeldChangesDropped
    | IterationStarted
    | StageStarted
    | StageFinished
    | StepStarted
    | StepProgressed
    | StepPrinted
    | StepFinished
    | ImageBuilt
    | ReleaseStarted
    | ReleaseFinished
    | IterationFinished
    | SyncStarted
    | FilesSynced
    | SyncFailed
    | SyncedFilesLost
    | HistoryLoaded
    | RolloutObserved
    | ConnectionsChanged
    | DiskMeasured
    | OldSnapshotsPruned
    | CommandRefused
    | FaultRaised
    | Noticed
    | DeletionStarted
    | DeletionStopped
    | EnvironmentDeleted
)


@frozen
class Stamped:
    """An event as the bus gives it out."""

    number: int
    time: float
    """Unix time in seconds."""
    event: Event
