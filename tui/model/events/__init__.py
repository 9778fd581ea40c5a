"""Events: everything that happens, told in the past tense.

Every event is a frozen dataclass of plain values, so that a run can be written as JSON lines, read
back and replayed. The bus stamps each with a number and a time. Adding one: define it here, reduce
it in `reduce.py`, present it in the view and in `cli/narration.py`, and give it a line in
CONTRIBUTING's table.
"""

from tui.model.events.iterating import (
    ImageBuilt,
    IterationFinished,
    IterationStarted,
    ReleaseFinished,
    ReleaseStarted,
    StageFinished,
    StageStarted,
    StepFinished,
    StepPrinted,
    StepProgressed,
    StepStarted,
)
from tui.model.events.project import (
    DeletionStarted,
    DeletionStopped,
    EnvironmentDeleted,
    NameConfirmed,
    ProjectOpened,
    SettingsChanged,
    SettingsRefused,
)
from tui.model.events.standing import (
    CommandRefused,
    ConnectionsChanged,
    DiskMeasured,
    FaultRaised,
    HistoryLoaded,
    Noticed,
    OldSnapshotsPruned,
    RolloutObserved,
)
from tui.model.events.syncing import (
    FilesSynced,
    SyncedFilesLost,
    SyncFailed,
    SyncStarted,
)
from tui.model.events.watching import (
    ChangesHeld,
    FilesChanged,
    HeldChangesDropped,
    HeldChangesReleased,
    IgnoreRulesReloaded,
    WatchFailed,
    WatchPaused,
    WatchResumed,
    WatchStarted,
)
from tui.model.frozen import frozen

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
