"""One turn of the loop: its stages and their steps, the image and the release."""

from tui.model.changes import NO_COMMIT, Commit
from tui.model.faults import Fault
from tui.model.frozen import frozen
from tui.model.images import Image
from tui.model.releases import Release, Trigger
from tui.model.stages import IterationOutcome, StageName, StepOutcome


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
