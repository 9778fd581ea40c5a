"""An engine that replays told events through the real bus, to bring the cockpit into any situation.

It decides nothing: what the real engine makes of commands is tested in tests/engine and, with the
cockpit in a real terminal, in tests/integration.
"""

from collections.abc import Iterable

from tui.engine.bus import Bus, Subscription
from tui.model.commands import Command
from tui.model.events import Event
from tui.model.faults import Fault, FaultError
from tui.model.images import ReleaseDifference
from tui.model.proposals import LOCAL, Proposal, Target
from tui.model.state import State
from tui.ports.capabilities import Terminal

START = 1_795_528_931.0
"""Tuesday, 24 November 2026, 14:02:11 UTC: when the situations begin."""

Told = tuple[float, Event]
"""Seconds after START, and what happened then."""


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, time: float = START) -> None:
        self.time = time

    def __call__(self) -> float:
        return self.time


class ScriptedEngine:
    """Plays the part of the engine for a cockpit under test."""

    def __init__(self, told: Iterable[Told] = (), difference: ReleaseDifference | None = None):
        self.clock = Clock()
        self.submitted: list[Command] = []
        self.compared: list[tuple[int, int]] = []
        self.shells: list[tuple[str, str]] = []
        self.owned: tuple[str, ...] | None = ("Deployment greeter", "Service [b]greeter")
        self._bus = Bus(self.clock)
        self._difference = difference
        self.play(told)

    def play(self, told: Iterable[Told]) -> None:
        """Let things happen at their times."""
        for after, event in told:
            self.clock.time = START + after
            self._bus.publish(event)

    def tell(self, *events: Event) -> None:
        """Let things happen now."""
        for event in events:
            self._bus.publish(event)

    @property
    def state(self) -> State:
        return self._bus.state

    def submit(self, command: Command) -> None:
        self.submitted.append(command)

    def subscribe(self) -> Subscription:
        return self._bus.subscribe()

    async def shell(self, pod: str, container: str, terminal: Terminal) -> int:
        self.shells.append((pod, container))
        return 0

    def lose_snapshots(self) -> None:
        """Have nothing to compare from now on."""
        self._difference = None

    async def difference(self, old: int, new: int) -> ReleaseDifference:
        self.compared.append((old, new))
        if self._difference is None:
            raise FaultError(Fault("snapshot-pruned", f"the snapshot of revision {old} was pruned"))
        return self._difference

    async def belongings(self) -> tuple[str, ...]:
        if self.owned is None:
            raise FaultError(Fault("api-unreachable", "the API server is out of reach"))
        return self.owned


class ScriptedScaffolder:
    """Proposes what it was given and remembers what it was asked."""

    def __init__(self, proposal: Proposal | None = None) -> None:
        self._proposal = proposal
        self.asked: list[tuple[str, str, int, str]] = []
        self.targets: list[Target] = []
        self.written: list[tuple[Proposal, bool]] = []

    def propose(
        self,
        pack: str = "",
        name: str = "",
        port: int = 0,
        command: str = "",
        target: Target = LOCAL,
    ) -> Proposal:
        self.asked.append((pack, name, port, command))
        self.targets.append(target)
        if self._proposal is None:
            raise FaultError(
                Fault("no-pack-fits", "no pack fits this project", remedy="name one with --pack")
            )
        return self._proposal

    def write(self, proposal: Proposal, force: bool = False) -> tuple[str, ...]:
        existing = [plan.path for plan in proposal.files if plan.existing and plan.differs]
        if existing and not force:
            raise FaultError(
                Fault(
                    "scaffold-exists",
                    "files that differ are there already",
                    evidence=tuple(existing),
                    remedy="overwrite them with ctrl+o",
                )
            )
        self.written.append((proposal, force))
        return tuple(plan.path for plan in proposal.files)
