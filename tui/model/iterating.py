"""Parts of the state as events change them, the present iteration first of all. Pure."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tui.model.releases import Release
from tui.model.stages import IterationOutcome
from tui.model.state import Iteration, State, Step, Watch

ENDED_AS: dict[IterationOutcome, str] = {
    "ready": "built",
    "deployed": "built",
    "unchanged": "no change",
    "failed": "failed",
    "superseded": "superseded",
    "aborted": "aborted",
    "interrupted": "interrupted",
}


def holds_tree(iteration: Iteration) -> bool:
    """Whether what an iteration left running was built from the tree."""
    ended_well = iteration.outcome in {"ready", "deployed", "unchanged"}
    return ended_well and iteration.trigger != "rollback"


def without_hold(watch: Watch) -> Watch:
    """Return how files are watched once nothing is held."""
    return replace(watch, held=None, held_count=0)


def iterate(state: State, event: Any, change: Callable[[Iteration], Iteration]) -> State:
    """Change the present iteration; an event of another one is too late to matter."""
    if state.iteration is None or state.iteration.number != event.iteration:
        return state
    return replace(state, iteration=change(state.iteration))


def step(state: State, event: Any, change: Callable[[Step], Step]) -> State:
    """Change the step of the present iteration that an event tells of."""

    def in_iteration(iteration: Iteration) -> Iteration:
        steps = tuple(
            change(s) if (s.stage, s.name) == (event.stage, event.step) else s
            for s in iteration.steps
        )
        return replace(iteration, steps=steps)

    return iterate(state, event, in_iteration)


def with_release(releases: tuple[Release, ...], release: Release) -> tuple[Release, ...]:
    """Return the history with a release in it, in place of what is known of that one."""
    others = tuple(r for r in releases if r.revision != release.revision)
    return tuple(sorted((*others, release), key=lambda r: r.revision))


def let_in(state: State) -> State:
    """Return the state once nothing has to be typed before something is changed."""
    held = without_hold(state.watch) if state.watch.held == "protected" else state.watch
    return replace(state, protection=None, watch=held)
