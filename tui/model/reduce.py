"""The reducer: state and event in, next state out. Pure, total, and the only maker of states."""

from dataclasses import replace
from functools import singledispatch
from typing import Any

from tui.model import events as e
from tui.model.iterating import (
    ENDED_AS,
    holds_tree,
    iterate,
    let_in,
    step,
    with_release,
    without_hold,
)
from tui.model.releases import counted_from
from tui.model.rows import built, let_go, row_of, synced, syncing, taken_up, unsynced
from tui.model.state import (
    CHANGES_KEPT,
    LATENCIES_KEPT,
    NOTICES_KEPT,
    STEP_LINES,
    Deleted,
    Disk,
    Iteration,
    Stage,
    State,
    Step,
)
from tui.model.synced import NOTHING_SYNCED, Synced


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
        state if event.protection else let_in(state),
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
    return let_in(state)


@_reduce.register
def _(event: e.ConnectionsChanged, state: State, time: float) -> State:
    return replace(state, connections=event.connections)


@_reduce.register
def _(event: e.WatchStarted, state: State, time: float) -> State:
    watch = replace(state.watch, mode=event.mode, reason=event.reason, fault=None)
    return replace(state, watch=watch)


@_reduce.register
def _(event: e.WatchPaused, state: State, time: float) -> State:
    return replace(state, watch=replace(state.watch, paused=True))


@_reduce.register
def _(event: e.WatchResumed, state: State, time: float) -> State:
    return replace(state, watch=replace(without_hold(state.watch), paused=False))


@_reduce.register
def _(event: e.WatchFailed, state: State, time: float) -> State:
    watch = replace(state.watch, mode="off", reason=event.fault.sentence, fault=event.fault)
    return replace(state, watch=watch)


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
    return replace(state, watch=without_hold(state.watch))


@_reduce.register
def _(event: e.HeldChangesDropped, state: State, time: float) -> State:
    watch, changes = without_hold(state.watch), let_go(state.changes)
    return replace(state, watch=watch, changes=changes, holds_tree=0)


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
        watch=without_hold(state.watch),
        holds_tree=0,
        deleted="",
    )


@_reduce.register
def _(event: e.StageStarted, state: State, time: float) -> State:
    return iterate(
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

    return iterate(state, event, finish)


@_reduce.register
def _(event: e.StepStarted, state: State, time: float) -> State:
    step = Step(event.stage, event.step, time)
    return iterate(state, event, lambda it: replace(it, steps=(*it.steps, step)))


@_reduce.register
def _(event: e.StepProgressed, state: State, time: float) -> State:
    return step(
        state,
        event,
        lambda step: replace(
            step, done=event.done, total=event.total, unit=event.unit, speed=event.speed
        ),
    )


@_reduce.register
def _(event: e.StepPrinted, state: State, time: float) -> State:
    return step(
        state,
        event,
        lambda step: replace(step, lines=(*step.lines, *event.lines)[-STEP_LINES:]),
    )


@_reduce.register
def _(event: e.StepFinished, state: State, time: float) -> State:
    return step(
        state,
        event,
        lambda step: replace(step, seconds=event.seconds, outcome=event.outcome, note=event.note),
    )


@_reduce.register
def _(event: e.ImageBuilt, state: State, time: float) -> State:
    return iterate(state, event, lambda it: replace(it, image=event.image))


@_reduce.register
def _(event: e.ReleaseStarted, state: State, time: float) -> State:
    state = iterate(state, event, lambda it: replace(it, release=event.release))
    releases = with_release(state.releases, event.release)
    return replace(state, releases=releases, synced=NOTHING_SYNCED)


@_reduce.register
def _(event: e.ReleaseFinished, state: State, time: float) -> State:
    state = iterate(state, event, lambda it: replace(it, release=event.release))
    return replace(state, releases=with_release(state.releases, event.release))


@_reduce.register
def _(event: e.IterationFinished, state: State, time: float) -> State:
    ended = iterate(
        state,
        event,
        lambda it: replace(it, outcome=event.outcome, seconds=event.seconds, fault=event.fault),
    )
    if ended is state or ended.iteration is None:
        return state
    changes = built(ended.changes, event.iteration, ENDED_AS[event.outcome])
    latencies = ended.latencies
    if event.outcome == "ready":
        one = ended.iteration
        took = max(event.seconds, time - counted_from(one.trigger, one.saved, one.started))
        latencies = (*latencies, took)[-LATENCIES_KEPT:]
    holds = event.revision if holds_tree(ended.iteration) else 0
    return replace(ended, changes=changes, latencies=latencies, holds_tree=holds)


@_reduce.register
def _(event: e.SyncStarted, state: State, time: float) -> State:
    return replace(state, changes=syncing(state.changes, event.paths))


@_reduce.register
def _(event: e.FilesSynced, state: State, time: float) -> State:
    paths = tuple(dict.fromkeys((*state.synced.paths, *event.paths)))
    known, changes = Synced(event.revision, paths, event.into), synced(state.changes, event.seconds)
    return replace(state, changes=changes, synced=known)


@_reduce.register
def _(event: e.SyncFailed, state: State, time: float) -> State:
    faults = (*state.faults, event.fault)[-NOTICES_KEPT:]
    return replace(state, changes=unsynced(state.changes), faults=faults, holds_tree=0)


@_reduce.register
def _(event: e.SyncedFilesLost, state: State, time: float) -> State:
    return replace(state, changes=unsynced(state.changes), synced=NOTHING_SYNCED, holds_tree=0)


@_reduce.register
def _(event: e.HistoryLoaded, state: State, time: float) -> State:
    return replace(state, releases=event.releases)


@_reduce.register
def _(event: e.RolloutObserved, state: State, time: float) -> State:
    known = state.rollout
    anew = known is not None and not known.revision and event.rollout.revision > 0
    seen = replace(state, rollout=event.rollout, verdict=event.verdict)
    return replace(seen, deleted="") if anew else seen


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
    who: Deleted = "elsewhere" if event.elsewhere else "here"
    return replace(gone, holds_tree=0, synced=NOTHING_SYNCED, deleting=False, deleted=who)
