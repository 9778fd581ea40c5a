"""What a cockpit is opened on."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tui.model.frozen import frozen

if TYPE_CHECKING:
    from tui.engine.bus import Subscription
    from tui.engine.replaying import Player
    from tui.model.commands import Command
    from tui.model.faults import Fault
    from tui.model.images import ReleaseDifference
    from tui.model.state import State
    from tui.ports.capabilities import Terminal
    from tui.ports.scaffold import Scaffolder
    from tui.view.logs.reading import Reading


class Loop(Protocol):
    """What the cockpit asks of the engine; `tui.engine.engine.Engine` is one."""

    @property
    def state(self) -> "State":
        """What is known now."""

    def submit(self, command: "Command") -> None:
        """Ask for something; what comes of it is told by events."""

    def subscribe(self) -> "Subscription":
        """Begin to receive events."""

    async def shell(self, pod: str, container: str, terminal: "Terminal") -> int:
        """Run a shell in a container on the user's terminal; return its exit code."""

    async def difference(self, old: int, new: int) -> "ReleaseDifference":
        """Return what going from revision `old` to revision `new` changes."""

    async def belongings(self) -> tuple[str, ...]:
        """Return what a deletion would remove, a line each."""


@frozen
class Session:
    """One environment of one project, or a project that has none yet.

    With neither engine nor fault it is still being opened: the cockpit paints already and waits for
    `Cockpit.attach`.
    """

    project: Path
    environment: str
    scaffolder: "Scaffolder | None" = None
    engine: Loop | None = None
    glance: "State | None" = None
    """What is known before the engine is there: what draft.toml and the history say."""
    fault: "Fault | None" = None
    """Why there is no engine: draft.toml is missing, or wrong."""
    logs: "Reading | None" = None
    notice: str = ""
    demo: bool = False
    player: "Player | None" = None
    """What plays the run when it is a recorded one; then it is the engine as well."""

    @property
    def opening(self) -> bool:
        """Whether it is not known yet what there is."""
        return self.engine is None and self.fault is None
