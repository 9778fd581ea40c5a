"""What a backend may offer beyond its verbs; `Backend.capabilities` names what it does.

A backend that names a capability implements its protocol; the key for it is enabled by the name.
"""

from collections.abc import AsyncIterator
from typing import Protocol, runtime_checkable

from tui.model.connections import Connection
from tui.model.frozen import frozen
from tui.model.rollouts import Pod
from tui.ports.running import CommandEnd, TellLines


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
class Executing(Protocol):
    """`exec`: a command inside a pod that runs, for tasks after a deploy."""

    async def execute(self, pod: Pod, argv: tuple[str, ...], tell: TellLines) -> CommandEnd:
        """Run a command in the pod's first container, with its folder and environment.

        It has no terminal and no input. When cancelled it leaves nothing running. Raises FaultError
        when it cannot be started, as when the pod is gone.
        """
