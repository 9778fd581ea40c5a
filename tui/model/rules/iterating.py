"""Rules on an iteration with its stages, steps and release. Pure."""

from dataclasses import replace

from tui.model import events as e
from tui.model.iterating import ENDED_AS, holds_tree, iterate, step, with_release, without_hold
from tui.model.releases import counted_from
from tui.model.rows import built, taken_up
from tui.model.rules.rule import rule
from tui.model.state import LATENCIES_KEPT, STEP_LINES, Iteration, Stage, State, Step
from tui.model.synced import NOTHING_SYNCED


@rule.register
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


@rule.register
def _(event: e.StageStarted, state: State, time: float) -> State:
    return iterate(
        state, event, lambda it: replace(it, stages=(*it.stages, Stage(event.stage, time)))
    )


@rule.register
def _(event: e.StageFinished, state: State, time: float) -> State:
    def finish(iteration: Iteration) -> Iteration:
        stages = tuple(
            replace(s, seconds=event.seconds, outcome=event.outcome) if s.name == event.stage else s
            for s in iteration.stages
        )
        return replace(iteration, stages=stages)

    return iterate(state, event, finish)


@rule.register
def _(event: e.StepStarted, state: State, time: float) -> State:
    step = Step(event.stage, event.step, time)
    return iterate(state, event, lambda it: replace(it, steps=(*it.steps, step)))


@rule.register
def _(event: e.StepProgressed, state: State, time: float) -> State:
    return step(
        state,
        event,
        lambda step: replace(
            step, done=event.done, total=event.total, unit=event.unit, speed=event.speed
        ),
    )


@rule.register
def _(event: e.StepPrinted, state: State, time: float) -> State:
    return step(
        state,
        event,
        lambda step: replace(step, lines=(*step.lines, *event.lines)[-STEP_LINES:]),
    )


@rule.register
def _(event: e.StepFinished, state: State, time: float) -> State:
    return step(
        state,
        event,
        lambda step: replace(step, seconds=event.seconds, outcome=event.outcome, note=event.note),
    )


@rule.register
def _(event: e.ImageBuilt, state: State, time: float) -> State:
    return iterate(state, event, lambda it: replace(it, image=event.image))


@rule.register
def _(event: e.ReleaseStarted, state: State, time: float) -> State:
    state = iterate(state, event, lambda it: replace(it, release=event.release))
    releases = with_release(state.releases, event.release)
    return replace(state, releases=releases, synced=NOTHING_SYNCED)


@rule.register
def _(event: e.ReleaseFinished, state: State, time: float) -> State:
    state = iterate(state, event, lambda it: replace(it, release=event.release))
    return replace(state, releases=with_release(state.releases, event.release))


@rule.register
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
