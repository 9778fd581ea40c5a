"""State: what we know now. Made only by `reduce`, read by everyone, changed by no one."""

from dataclasses import field
from typing import Literal

from tui.model.changes import Change, Commit, HoldReason, WatchMode
from tui.model.connections import Connection
from tui.model.faults import Fault
from tui.model.frozen import frozen
from tui.model.images import Image
from tui.model.places import Protection
from tui.model.releases import Release, Trigger
from tui.model.rollouts import NO_VERDICT, Rollout, Verdict
from tui.model.stages import IterationOutcome, StageName, StepOutcome
from tui.model.synced import NOTHING_SYNCED, Synced


@frozen
class Step:
    """One step of a stage as far as it got."""

    stage: StageName
    name: str
    started: float
    seconds: float | None = None
    outcome: StepOutcome | None = None
    done: int = 0
    total: int = 0
    unit: str = ""
    speed: float = 0.0
    note: str = ""
    lines: tuple[str, ...] = ()
    """The last lines it printed, at most `STEP_LINES`."""


STEP_LINES = 30


@frozen
class Stage:
    """One stage as far as it got."""

    name: StageName
    started: float
    seconds: float | None = None
    outcome: StepOutcome | None = None


@frozen
class Iteration:
    """One turn of the loop as far as it got."""

    number: int
    trigger: Trigger
    started: float
    paths: tuple[str, ...] = ()
    saved: float = 0.0
    stages: tuple[Stage, ...] = ()
    steps: tuple[Step, ...] = ()
    image: Image | None = None
    release: Release | None = None
    outcome: IterationOutcome | None = None
    seconds: float | None = None
    fault: Fault | None = None

    @property
    def running(self) -> bool:
        """Whether it still goes on."""
        return self.outcome is None

    @property
    def stage(self) -> StageName | None:
        """The stage it is in, None before the first and after the last."""
        open_stages = [s.name for s in self.stages if s.outcome is None]
        return open_stages[-1] if open_stages and self.running else None


@frozen
class SeenChange:
    """A row of the changes panel: a change and what was done with it."""

    change: Change
    time: float
    iteration: int = 0
    """The iteration that took it up, 0 while it waits or when it is ignored."""
    result: str = ""
    """`ignored`, `next build` (ignored, but in the build context), `waiting`, `building`, `built`,
    `no change`, `failed`, `superseded`, `aborted`, `dropped`, `syncing` or `synced`.
    """
    seconds: float = 0.0
    """From the save until it was synced."""


@frozen
class Watch:
    """How the files are watched."""

    mode: WatchMode = "off"
    paused: bool = False
    reason: str = ""
    fault: Fault | None = None
    """Why nothing is watched; None while something is."""
    held: HoldReason | None = None
    held_count: int = 0


@frozen
class Disk:
    """Bytes kept for this environment."""

    snapshots: int = 0
    dependencies: int = 0
    logs: int = 0


Deleted = Literal["", "here", "elsewhere"]
"""Who deleted the environment: this redraft or another; empty while it is there."""


@frozen
class State:
    """Everything the cockpit shows besides the logs."""

    project: str = ""
    name: str = ""
    environment: str = ""
    backend: str = ""
    context: str = ""
    namespace: str = ""
    pack: str = ""
    capabilities: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    protection: Protection | None = None
    """What has to be typed before anything is changed here; None when nothing has."""
    settings_fault: Fault | None = None
    """Why draft.toml as it is now is not followed; None while it is."""
    commit: Commit = field(default_factory=Commit)
    watch: Watch = field(default_factory=Watch)
    changes: tuple[SeenChange, ...] = ()
    """Newest first, at most `CHANGES_KEPT`."""
    iteration: Iteration | None = None
    """The running iteration, or the last one."""
    latencies: tuple[float, ...] = ()
    """Seconds from save (or key) to ready of the last iterations, oldest first."""
    releases: tuple[Release, ...] = ()
    """Oldest first."""
    rollout: Rollout | None = None
    verdict: Verdict = NO_VERDICT
    holds_tree: int = 0
    """The revision that holds all of the tree but what waits: it was built from it, and synced
    since; 0 while none is known to.
    """
    synced: Synced = NOTHING_SYNCED
    connections: tuple[Connection, ...] = ()
    disk: Disk = field(default_factory=Disk)
    notices: tuple[tuple[float, str], ...] = ()
    """Times and texts, newest last."""
    faults: tuple[Fault, ...] = ()
    """Raised outside iterations, newest last."""
    deleting: bool = False
    deleted: Deleted = ""

    @property
    def unseen(self) -> bool:
        """Whether nothing is known yet of what runs, nor of whether anything was ever released.

        What runs elsewhere than on this machine is known once the cluster has answered.
        """
        looked = self.rollout is not None or self.releases or self.deleted
        return self.backend == "kubernetes" and not looked

    @property
    def url(self) -> str:
        """Where the app answers: through the first open connection, else on its own address."""
        through = (connection.url for connection in self.connections if connection.pod)
        own = self.rollout.url if self.rollout else ""
        return next(through, own)


CHANGES_KEPT = 200
LATENCIES_KEPT = 30
NOTICES_KEPT = 20
