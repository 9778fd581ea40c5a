"""What a backend may offer beyond its verbs; `Backend.capabilities` names what it does.

A backend that names a capability implements its protocol; the key for it is enabled by the name.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any, NamedTuple, Protocol, runtime_checkable

from tui.model.connections import Connection
from tui.model.frozen import frozen
from tui.model.rollouts import Pod
from tui.model.synced import Incarnation
from tui.model.syncing import SyncFile
from tui.ports.backend import Build, Tell
from tui.ports.running import CommandEnd, TellLines


class Testimony(NamedTuple):
    """What may be told of an `up`, in place of doing it, while nothing happens."""

    question: Mapping[str, Any]
    """Plain values: everything by which another `up` may differ from this one."""
    told: tuple[tuple[int, str], ...]
    """Lines, each with the file descriptor that it is for."""
    logged: tuple[tuple[int, str], ...]
    """Lines for the log each time, with the iteration that they tell of."""
    door: str
    """The name by which whoever asks finds who knows; no path."""


@frozen
class Terminal:
    """The user's terminal, while no screen of ours is on it."""

    input: int
    """File descriptor to read keys from."""
    output: int
    """File descriptor to write to."""


@runtime_checkable
class Connecting(Protocol):
    """`connect`: local ports that lead to a ready pod."""

    def connect(self) -> AsyncIterator[tuple[Connection, ...]]:
        """Open the local ports and yield how they stand, again at each change, until cancelled.

        A port stays the same over redeploys and deaths of pods. Raises FaultError when a port that
        draft.toml asks for is taken.
        """


@runtime_checkable
class OpeningShells(Protocol):
    """`shell`: a shell inside a running container."""

    async def shell(self, pod: str, container: str, terminal: Terminal) -> int:
        """Run a shell on the user's terminal until it ends; return its exit code.

        Raises FaultError when the container has no shell or is gone.
        """


@runtime_checkable
class Lingering(Protocol):
    """A build that is cancelled leaves work going, which the next one goes on with."""

    async def let_go(self) -> None:
        """End that work, for no build follows; when this returns there is nothing of it left."""


@runtime_checkable
class Executing(Protocol):
    """`exec`: a command inside a pod that runs, for tasks after a deploy."""

    async def execute(self, pod: Pod, argv: tuple[str, ...], tell: TellLines) -> CommandEnd:
        """Run a command in the pod's first container, with its folder and environment.

        It has no terminal and no input. When cancelled it leaves nothing running. Raises FaultError
        when it cannot be started, as when the pod is gone.
        """


@runtime_checkable
class Syncing(Protocol):
    """`sync`: saved files copied into containers that run, instead of an image built of them."""

    async def sync(self, into: tuple[Incarnation, ...], files: tuple[SyncFile, ...]) -> None:
        """Copy files, as they are in the project now, into each of these containers.

        Files that are not there are removed. Raises FaultError where one cannot be copied, or where
        there is no container to copy into; some may have been copied then.
        """


@runtime_checkable
class Witnessing(Protocol):
    """Something that outlives redraft knows whether anything has happened since the last build.

    First it is made to watch, then the build is rehearsed, then it is given what to tell: what
    happens between two of these is seen too.
    """

    async def watch_over(self) -> bool:
        """Have everything watched that the last build was decided by; False where it cannot be."""

    async def rehearse(self, iteration: int, tag: str, tell: Tell) -> Build | None:
        """Build once more if the tree still has this tag, so that nothing is left to be done."""

    async def attest(self, revision: int, testimony: Testimony) -> bool:
        """Have it told from now on; False when something happened since it is watched."""
