"""Rules on files that are synced into running containers. Pure."""

from dataclasses import replace

from tui.model import events as e
from tui.model.rows import synced, syncing, unsynced
from tui.model.rules.rule import rule
from tui.model.state import NOTICES_KEPT, State
from tui.model.synced import NOTHING_SYNCED, Synced


@rule.register
def _(event: e.SyncStarted, state: State, time: float) -> State:
    return replace(state, changes=syncing(state.changes, event.paths))


@rule.register
def _(event: e.FilesSynced, state: State, time: float) -> State:
    paths = tuple(dict.fromkeys((*state.synced.paths, *event.paths)))
    known, changes = Synced(event.revision, paths, event.into), synced(state.changes, event.seconds)
    return replace(state, changes=changes, synced=known)


@rule.register
def _(event: e.SyncFailed, state: State, time: float) -> State:
    faults = (*state.faults, event.fault)[-NOTICES_KEPT:]
    return replace(state, changes=unsynced(state.changes), faults=faults, holds_tree=0)


@rule.register
def _(event: e.SyncedFilesLost, state: State, time: float) -> State:
    return replace(state, changes=unsynced(state.changes), synced=NOTHING_SYNCED, holds_tree=0)
