"""Choosing log lines by what only the present rollout tells: revision, container, restart. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tui.model.loglines import LogFilter, LogLine
from tui.model.state import State

Keeps = Callable[[LogLine], bool]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which lines `logs` prints beyond what the store filters."""

    present: bool = False
    """Only the present revision, and those that follow it while `logs` goes on."""
    containers: frozenset[str] = frozenset()
    """Only these; empty for all."""
    previous: bool = False
    """Only the run of each container that ended by its last restart."""

    @property
    def asks_rollout(self) -> bool:
        """Whether it depends on what runs now."""
        return self.present or self.previous

    def widened(self, wanted: LogFilter, state: State) -> LogFilter:
        """Return the filter with the revision that runs now."""
        revision = state.rollout.revision if state.rollout else 0
        if not self.present or not revision:
            return wanted
        return replace(wanted, revisions=frozenset({revision}))

    def keeps(self, state: State) -> Keeps:
        """Return whether a line is of the containers and runs asked for."""
        runs = restarts(state) if self.previous else {}

        def keep(line: LogLine) -> bool:
            if self.containers and line.container not in self.containers:
                return False
            return not self.previous or line.restart == runs.get((line.pod, line.container), 0) - 1

        return keep


def restarts(state: State) -> dict[tuple[str, str], int]:
    """Return how often each container of each pod was restarted."""
    pods = state.rollout.pods if state.rollout else ()
    return {(pod.name, one.name): one.restarts for pod in pods for one in pod.containers}
