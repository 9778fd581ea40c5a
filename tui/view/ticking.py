"""Ticking: when what is shown changes by the clock alone. Pure."""

from tui.model.rollouts import Pod
from tui.model.state import State

RUNNING = 0.25
SECOND = 1.0
MINUTE = 60.0
COUNTED_IN_SECONDS = 130.0
"""Ages below this are shown in seconds; a little more than the view does, so that none is stuck."""


def next_tick(state: State, now: float) -> float | None:
    """Return in how many seconds to show the state again, None when time alone changes nothing."""
    if state.iteration is not None and state.iteration.running:
        return RUNNING
    if state.rollout is None or not state.rollout.pods:
        return None
    return min(_tick_of(pod, now) for pod in state.rollout.pods)


def _tick_of(pod: Pod, now: float) -> float:
    counting_down = any(container.retry_at > now for container in pod.containers)
    young = pod.created and now - pod.created < COUNTED_IN_SECONDS
    return SECOND if counting_down or young else MINUTE
