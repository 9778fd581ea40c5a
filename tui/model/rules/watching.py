"""Rules on the watch, and on what it saw of changed files. Pure."""

from dataclasses import replace

from tui.model import events as e
from tui.model.iterating import without_hold
from tui.model.rows import let_go, row_of
from tui.model.rules.rule import rule
from tui.model.state import CHANGES_KEPT, State


@rule.register
def _(event: e.WatchStarted, state: State, time: float) -> State:
    watch = replace(state.watch, mode=event.mode, reason=event.reason, fault=None)
    return replace(state, watch=watch)


@rule.register
def _(event: e.WatchPaused, state: State, time: float) -> State:
    return replace(state, watch=replace(state.watch, paused=True))


@rule.register
def _(event: e.WatchResumed, state: State, time: float) -> State:
    return replace(state, watch=replace(without_hold(state.watch), paused=False))


@rule.register
def _(event: e.WatchFailed, state: State, time: float) -> State:
    watch = replace(state.watch, mode="off", reason=event.fault.sentence, fault=event.fault)
    return replace(state, watch=watch)


@rule.register
def _(event: e.FilesChanged, state: State, time: float) -> State:
    rows = (row_of(change, time) for change in event.changes)
    changes = (*rows, *state.changes)[:CHANGES_KEPT]
    return replace(state, changes=changes, commit=event.commit)


@rule.register
def _(event: e.ChangesHeld, state: State, time: float) -> State:
    watch = replace(state.watch, held=event.reason, held_count=event.count)
    return replace(state, watch=watch)


@rule.register
def _(event: e.HeldChangesReleased, state: State, time: float) -> State:
    return replace(state, watch=without_hold(state.watch))


@rule.register
def _(event: e.HeldChangesDropped, state: State, time: float) -> State:
    watch, changes = without_hold(state.watch), let_go(state.changes)
    return replace(state, watch=watch, changes=changes, holds_tree=0)
