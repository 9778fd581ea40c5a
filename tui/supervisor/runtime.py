"""The runtime: by what means replicas run. The rest of a supervisor is the same for all of them.

Processes are this room's own (`processes`); the docker backend brings containers.
"""

from collections.abc import Callable
from typing import Protocol

from tui.model.rollouts import Pod
from tui.supervisor.protocol import App
from tui.supervisor.pulse import Pulse
from tui.supervisor.routing import Endpoint


class Replica(Protocol):
    """One copy of the app, kept running until it is stopped."""

    @property
    def ready(self) -> bool:
        """Whether its probe passed in this incarnation."""

    @property
    def endpoint(self) -> Endpoint | None:
        """Where it answers now; None while it does not."""

    def pod(self) -> Pod:
        """Return the picture of it."""

    async def stop(self) -> None:
        """End it and everything it started; returns when nothing of it runs."""


class Runtime(Protocol):
    """Makes replicas."""

    grown: Pulse
    """Struck whenever replicas printed something, where it is captured here."""

    @property
    def lost_since(self) -> float:
        """Unix time since which the replicas cannot be seen; 0 while they can."""

    def begin(self, changed: Callable[[], None]) -> None:
        """Begin, on the running loop; `changed` is called when replicas are lost from sight."""

    async def prepared(self) -> None:
        """Wait until new replicas may be made."""

    def replica(self, app: App, ordinal: int, changed: Callable[[], None]) -> Replica:
        """Begin to keep one replica; `changed` is called whenever its picture does."""

    def say(self, iteration: int, line: str) -> None:
        """Put a line of redraft's own among what is captured, where it is captured here."""

    def look_round(self) -> None:
        """Look after what may have changed under our hands; called every few seconds."""

    def close(self) -> None:
        """Let go of everything once all replicas were stopped."""

    async def remove_traces(self) -> None:
        """Remove what the stopped replicas left, since nobody will ask for it any more."""
