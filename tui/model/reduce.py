"""The reducer: state and event in, next state out. Pure, total, and the only maker of states."""

from collections.abc import Callable
from dataclasses import replace
from functools import singledispatch
from typing import Any

from tui.model import events as e
from tui.model.releases import Release
from tui.model.rows import built, let_go, row_of, taken_up
from tui.model.stages import IterationOutcome
from tui.model.state import (
    CHANGES_KEPT,
    LATENCIES_KEPT,
    NOTICES_KEPT,
    STEP_LINES,
    Disk,
    Iteration,
    Stage,
    State,
    Step,
    Watch,
)

ENDED_AS: dict[IterationOutcome, str] = {
    "ready": "built",
    "deployed": "built",
    "unchanged": "no change",
    "failed": "failed",
    "superseded": "superseded",
    "interrupted": "interrupted",
}


def reduce(state: State, stamped: e.Stamped) -> State:
    """Return the state after `stamped`; events it knows nothing of leave the state as it is."""
    return _reduce(stamped.event, state, stamped.time)


@singledispatch
def _reduce(event: Any, state: State, time: float) -> State:
    return state


@_reduce.register
def _(event: e.ProjectOpened, state: State, time: float) -> State:
    return replace(
        state,
        project=event.project,
        name=event.name,
        environment=event.environment,
        backend=event.backend,
        context=event.context,
        namespace=event.namespace,
        capabilities=event.capabilities,
        environments=event.environments,
        pack=event.pack,
        protection=event.protection,
    )


@_reduce.register
def _(event: e.SettingsChanged, state: State, time: float) -> State:
    return replace(
        state if event.protection else _open(state),
        name=event.name,
        environments=event.environments,
        pack=event.pack,
        protection=event.protection,
        settings_fault=None,
    )


@_reduce.register
def _(event: e.SettingsRefused, state: State, time: float) -> State:
    known = event.environments or state.environments
    return replace(state, environments=known, settings_fault=event.fault)


@_reduce.register
def _(event: e.NameConfirmed, state: State, time: float) -> State:
    return _open(state)


@_reduce.register
def _(event: e.ConnectionsChanged, state: State, time: float) -> State:
    return replace(state, connections=event.connections)


@_reduce.register
def _(event: e.WatchStarted, state: State, time: float) -> State:
    return replace(state, watch=replace(state.watch, mode=event.mode, reason=event.reason))


@_reduce.register
def _(event: e.WatchPaused, state: State, time: float) -> State:
    return replace(state, watch=replace(state.watch, paused=True))


@_reduce.register
def _(event: e.WatchResumed, state: State, time: float) -> State:
    return replace(state, watch=replace(_without_hold(state.watch), paused=False))


@_reduce.register
def _(event: e.WatchFailed, state: State, time: float) -> State:
    watch = Watch(mode="off", reason=event.fault.sentence)
    return replace(state, watch=watch, faults=(*state.faults, event.fault))


@_reduce.register
def _(event: e.FilesChanged, state: State, time: float) -> State:
    rows = (row_of(change, time) for change in event.changes)
    changes = (*rows, *state.changes)[:CHANGES_KEPT]
    return replace(state, changes=changes, commit=event.commit)


@_reduce.register
def _(event: e.ChangesHeld, state: State, time: float) -> State:
    watch = replace(state.watch, held=event.reason, held_count=event.count)
    return replace(state, watch=watch)


@_reduce.register
def _(event: e.HeldChangesReleased, state: State, time: float) -> State:
    return replace(state, watch=_without_hold(state.watch))


@_reduce.register
def _(event: e.HeldChangesDropped, state: State, time: float) -> State:
    return replace(state, watch=_without_hold(state.watch), changes=let_go(state.changes))


@_reduce.register
def _(event: e.IterationStarted, state: State, time: float) -> State:
    iteration = Iteration(
        event.iteration, event.trigger, time, paths=event.paths, saved=event.saved
    )
    return replace(
        state,
        iteration=iteration,
        changes=taken_up(state.changes, event.iteration, event.trigger),
        commit=event.commit,
        watch=_without_hold(state.watch),
        deleted=False,
    )


@_reduce.register
def _(event: e.StageStarted, state: State, time: float) -> State:
    return _iterate(
        state, event, lambda it: replace(it, stages=(*it.stages, Stage(event.stage, time)))
    )


@_reduce.register
def _(event: e.StageFinished, state: State, time: float) -> State:
    def finish(iteration: Iteration) -> Iteration:
        stages = tuple(
            replace(s, seconds=event.seconds, outcome=event.outcome) if s.name == event.stage else s
            for s in iteration.stages
        )
        return replace(iteration, stages=stages)

    return _iterate(state, event, finish)


@_reduce.register
def _(event: e.StepStarted, state: State, time: float) -> State:
    step = Step(event.stage, event.step, time)
    return _iterate(state, event, lambda it: replace(it, steps=(*it.steps, step)))


@_reduce.register
def _(event: e.StepProgressed, state: State, time: float) -> State:
    return _step(
        state,
        event,
        lambda step: replace(
            step, done=event.done, total=event.total, unit=event.unit, speed=event.speed
        ),
    )


@_reduce.register
def _(event: e.StepPrinted, state: State, time: float) -> State:
    return _step(
        state,
        event,
        lambda step: replace(step, lines=(*step.lines, *event.lines)[-STEP_LINES:]),
    )


@_reduce.register
def _(event: e.StepFinished, state: State, time: float) -> State:
    return _step(
        state,
        event,
        lambda step: replace(step, seconds=event.seconds, outcome=event.outcome, note=event.note),
    )


@_reduce.register
def _(event: e.ImageBuilt, state: State, time: float) -> State:
    return _iterate(state, event, lambda it: replace(it, image=event.image))


@_reduce.register
def _(event: e.ReleaseStarted, state: State, time: float) -> State:
    state = _iterate(state, event, lambda it: replace(it, release=event.release))
    return replace(state, releases=_with_release(state.releases, event.release))


@_reduce.register
def _(event: e.ReleaseFinished, state: State, time: float) -> State:
    state = _iterate(state, event, lambda it: replace(it, release=event.release))
    return replace(state, releases=_with_release(state.releases, event.release))


@_reduce.register
def _(event: e.IterationFinished, state: State, time: float) -> State:
    ended = _iterate(
        state,
        event,
        lambda it: replace(it, outcome=event.outcome, seconds=event.seconds, fault=event.fault),
    )
    if ended is state or ended.iteration is None:
        return state
    changes = built(ended.changes, event.iteration, ENDED_AS[event.outcome])
    latencies = ended.latencies
    if event.outcome == "ready":
        since = ended.iteration.saved or ended.iteration.started
        took = max(event.seconds, time - since)  # it may have begun before the save was through
        latencies = (*latencies, took)[-LATENCIES_KEPT:]
    return replace(ended, changes=changes, latencies=latencies)


@_reduce.register
def _(event: e.HistoryLoaded, state: State, time: float) -> State:
    return replace(state, releases=event.releases)


@_reduce.register
def _(event: e.RolloutObserved, state: State, time: float) -> State:
    return replace(state, rollout=event.rollout, verdict=event.verdict)


@_reduce.register
def _(event: e.DiskMeasured, state: State, time: float) -> State:
    return replace(state, disk=Disk(event.snapshots, event.dependencies, event.logs))


@_reduce.register
def _(event: e.FaultRaised, state: State, time: float) -> State:
    return replace(state, faults=(*state.faults, event.fault)[-NOTICES_KEPT:])


@_reduce.register
def _(event: e.Noticed, state: State, time: float) -> State:
    return replace(state, notices=(*state.notices, (time, event.text))[-NOTICES_KEPT:])


@_reduce.register
def _(event: e.DeletionStarted, state: State, time: float) -> State:
    return replace(state, deleting=True)


@_reduce.register
def _(event: e.DeletionStopped, state: State, time: float) -> State:
    return replace(state, deleting=False)


@_reduce.register
def _(event: e.EnvironmentDeleted, state: State, time: float) -> State:
    gone = replace(state, releases=(), iteration=None, rollout=None, disk=Disk())
    return replace(gone, deleting=False, deleted=True)


def _open(state: State) -> State:
    """Return the state once nothing has to be typed before something is changed."""
    held = _without_hold(state.watch) if state.watch.held == "protected" else state.watch
    return replace(state, protection=None, watch=held)


def _without_hold(watch: Watch) -> Watch:
    return replace(watch, held=None, held_count=0)


def _iterate(state: State, event: Any, change: Callable[[Iteration], Iteration]) -> State:
    """Change the present iteration; an event of another one is too late to matter."""
    if state.iteration is None or state.iteration.number != event.iteration:
        return state
    return replace(state, iteration=change(state.iteration))


def _step(state: State, event: Any, change: Callable[[Step], Step]) -> State:
    def in_iteration(iteration: Iteration) -> Iteration:
        steps = tuple(
            change(s) if (s.stage, s.name) == (event.stage, event.step) else s
            for s in iteration.steps
        )
        return replace(iteration, steps=steps)

    return _iterate(state, event, in_iteration)


def _with_release(releases: tuple[Release, ...], release: Release) -> tuple[Release, ...]:
    others = tuple(r for r in releases if r.revision != release.revision)
    return tuple(sorted((*others, release), key=lambda r: r.revision))
