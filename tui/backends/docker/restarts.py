"""Counting restarts over everything that lets the engine's own count begin anew. Pure.

The engine counts a restart when it decides on it, not when it happens, and starts from 0 again when
a container is started by hand or by the engine's own start.
"""

from dataclasses import replace

from tui.clients.docker.inspecting import ContainerState
from tui.model.frozen import frozen

SHORTEST_PAUSE = 100_000_000
"""Nanoseconds from an end to the next start: Docker waits for them (moby: restartmanager.go),
Podman needs more to set up the network anew.
"""


@frozen
class Restarts:
    """How often a container began anew, as far as it was seen."""

    total: int = 0
    told: int = 0
    """The engine's count when it was last seen."""
    started: int = 0
    """When the incarnation that was last seen began."""

    def seen(self, state: ContainerState) -> "Restarts":
        """Return the count after one more look."""
        told = state.restarts - (state.status == "restarting")
        grown = told - self.told if told >= self.told else told
        if self.started and state.started != self.started:
            grown = max(grown, 1)
        return Restarts(self.total + grown, told, state.started)

    def began(self, state: ContainerState, before: "Restarts", ended: int) -> int:
        """Return a time before all that an incarnation printed, and after what the one before did.

        It is the middle of the pause since the last end that is known: the first lines may be older
        than the start by the engine's own account (Docker), the last ones newer than the end
        (Podman). Where ends were missed since `before`, only the shortest pause is sure.
        """
        missed = before.started > ended or self.total > before.total + 1
        if missed and state.started != before.started:
            return state.started - SHORTEST_PAUSE
        return (ended + state.started) // 2 if ended else 0

    def present(self, ended: int) -> int:
        """Return a time before the incarnation that was last seen, or the last end."""
        return (ended + self.started) // 2 if self.started > ended else ended

    def tried(self) -> "Restarts":
        """Return the count after a start that the engine refused."""
        return replace(self, total=self.total + 1)
