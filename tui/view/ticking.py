"""Ticking: when what is shown changes by the clock alone. Pure."""

from collections.abc import Iterator

from tui.model.state import State

RUNNING = 0.25
SECOND = 1.0
GRAINS = ((172_800, 86_400), (7_200, 3_600), (120, 60), (60, 10))
"""Seconds from which on an age is told in steps of so many."""
FINEST = 5


def grain(age: float) -> int:
    """Return the seconds in steps of which an age is told: every step costs a paint."""
    return next((step for since, step in GRAINS if age >= since), FINEST)


def next_tick(state: State, now: float) -> float | None:
    """Return in how many seconds to show the state again, None when time alone changes nothing.

    What is due within a second is shown together: pods that began together age together.
    """
    if state.iteration is not None and state.iteration.running:
        return RUNNING
    if _counting_down(state, now):
        return SECOND
    ages = [now - since for since in _told_since(state)]
    due = sorted(grain(age) - age % grain(age) for age in ages)
    return max((wait for wait in due if wait <= due[0] + SECOND), default=None)


def _counting_down(state: State, now: float) -> bool:
    pods = state.rollout.pods if state.rollout else ()
    return any(container.retry_at > now for pod in pods for container in pod.containers)


def _told_since(state: State) -> Iterator[float]:
    """Yield the Unix times of all whose age is shown."""
    if state.rollout is not None:
        yield from (one.created for one in state.rollout.pods if one.created)
        yield from (one.created for one in state.rollout.workloads if one.created)
    if state.releases and (state.iteration is None or state.rollout is None):
        yield state.releases[-1].started
