"""Choosing log lines by what only the present rollout tells: its revision, its restarts. Pure."""

from dataclasses import replace

from tui.model.frozen import frozen
from tui.model.loglines import LogFilter
from tui.model.rollouts import Rollout

NONE = frozenset({("", "", 0)})
"""The runs to show where no container was ever restarted: no line is of this one."""


@frozen
class Choice:
    """Which lines `logs` prints beyond what the store knows."""

    present: bool = False
    """Only the present revision, and those that follow it while `logs` goes on."""
    previous: bool = False
    """Only the run of each container that ended by its last restart."""

    @property
    def asks_rollout(self) -> bool:
        """Whether it depends on what runs now."""
        return self.present or self.previous

    def narrowed(self, wanted: LogFilter, rollout: Rollout | None) -> LogFilter:
        """Return the filter with what runs now in it."""
        if rollout is None:
            return wanted
        if self.present and rollout.revision:
            wanted = replace(
                wanted,
                revisions=frozenset({rollout.revision}),
                running_on=frozenset(
                    pod.name for pod in rollout.pods if pod.revision == rollout.revision
                ),
            )
        return replace(wanted, runs=previous_runs(rollout)) if self.previous else wanted


def previous_runs(rollout: Rollout) -> frozenset[tuple[str, str, int]]:
    """Return the run before the last restart of every container that was restarted."""
    runs = frozenset(
        (pod.name, one.name, one.restarts - 1)
        for pod in rollout.pods
        for one in pod.containers
        if one.restarts
    )
    return runs or NONE
