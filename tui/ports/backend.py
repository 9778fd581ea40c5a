"""The protocol behind which backends stand, and what goes through it.

The engine calls the verbs in order: `build`, `push`, `deploy`, then follows `observe` until the
verdict on the new revision is final. A rollback is a deploy of a release whose `rollback_of` is
set: it carries the earlier image and spec, and the backend decides by which means (`helm rollback`,
another snapshot) it runs them. Progress goes through `tell`. Verbs raise `FaultError` where they
cannot do what was asked, and obey cancellation at every await: a cancelled `build` or `push` leaves
nothing behind that a later one trips over.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from typing import Literal, Protocol

from tui.config.environment import Environment
from tui.model.events import Event
from tui.model.faults import Fault
from tui.model.frozen import frozen
from tui.model.images import Image, ReleaseDifference
from tui.model.loglines import LogBatch
from tui.model.places import Place
from tui.model.releases import Release, ReleaseSpec
from tui.model.rollouts import Rollout

Tell = Callable[[Event], None]
"""Takes an event at once; never blocks, never raises."""


@frozen
class Checked:
    """One thing `check` and `doctor` looked at."""

    subject: str
    outcome: Literal["ok", "warning", "failed"]
    detail: str
    fault: Fault | None = None


@frozen
class Build:
    """A built image and how it would be run."""

    image: Image
    spec: ReleaseSpec


@frozen
class DiskUse:
    """Bytes kept."""

    snapshots: int
    dependencies: int


class Backend(Protocol):
    """Where an environment runs."""

    @property
    def capabilities(self) -> frozenset[str]:
        """What it offers beyond the verbs: `push`, and those of `tui.ports.capabilities`.

        `purge` says that `delete` keeps the history unless it is told to purge it.
        """

    @property
    def place(self) -> Place:
        """Where it runs."""

    async def check(self) -> tuple[Checked, ...]:
        """Look whether everything the verbs need is within reach."""

    async def build(self, iteration: int, tell: Tell) -> Build:
        """Build the present tree; `image.cached` is True when its tag was there already."""

    async def push(self, iteration: int, build: Build, tell: Tell) -> Build:
        """Bring the image where the deploy finds it; does nothing where none is needed."""

    async def deploy(self, iteration: int, release: Release, tell: Tell) -> Release:
        """Ask for `release` to be run and record it; return it with its revision number."""

    async def record(self, release: Release) -> None:
        """Keep the release's outcome in the history."""

    def observe(self) -> AsyncIterator[Rollout]:
        """Yield what runs now and again at every change, until cancelled."""

    def logs(self, positions: Mapping[str, str]) -> AsyncGenerator[LogBatch, None]:
        """Yield log lines as they come, until closed.

        Goes on after `positions` (source to position), a live mapping of what is committed. A batch
        without records says that everything captured so far has been given.
        """

    async def releases(self) -> tuple[Release, ...]:
        """Return the history, oldest first."""

    async def changed(self, old: Image, new: Image) -> tuple[str, ...]:
        """Return the paths of the files in which two images differ, as far as they are kept."""

    async def difference(self, old: Release, new: Release) -> ReleaseDifference:
        """Return what going from `old` to `new` changes."""

    async def prune(self) -> tuple[tuple[str, ...], int]:
        """Delete what no retained release needs; return the tags and the bytes freed.

        Called under the environment's lock: what an iteration makes belongs to no release yet.
        """

    async def disk(self) -> DiskUse:
        """Measure what is kept."""

    async def belongings(self) -> tuple[str, ...]:
        """Return what `delete` would remove, a line each, for the user to see before."""

    async def delete(self, tell: Tell, *, purge: bool = False) -> None:
        """Remove everything of this environment: processes, ports, files.

        A history that is kept where it runs, for others to see, goes only with `purge`.
        """

    async def close(self) -> None:
        """Let go of connections; what runs goes on."""


LoadEnvironment = Callable[[], Environment]
"""Reads the environment from draft.toml as it is now; raises `FaultError` while the file is wrong.

Backends call it at every build, so that an edit of draft.toml counts from the next iteration on.
"""
