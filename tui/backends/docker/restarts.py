"""Counting restarts over everything that lets the engine's own count begin anew. Pure.

The engine counts a restart when it decides on it, not when it happens, and starts from 0 again when
a container is started by hand or by the engine's own start.
"""

from dataclasses import replace

from tui.clients.docker.inspecting import ContainerState
from tui.model.frozen import frozen


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

    def tried(self) -> "Restarts":
        """Return the count after a start that the engine refused."""
        return replace(self, total=self.total + 1)
