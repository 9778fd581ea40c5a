"""Rules on the project and its environment: what is open, and that it is deleted. Pure."""

from dataclasses import replace

from tui.model import events as e
from tui.model.iterating import let_in
from tui.model.rules.rule import rule
from tui.model.state import Deleted, Disk, State
from tui.model.synced import NOTHING_SYNCED


@rule.register
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


@rule.register
def _(event: e.SettingsChanged, state: State, time: float) -> State:
    return replace(
        state if event.protection else let_in(state),
        name=event.name,
        environments=event.environments,
        pack=event.pack,
        protection=event.protection,
        settings_fault=None,
    )


@rule.register
def _(event: e.SettingsRefused, state: State, time: float) -> State:
    known = event.environments or state.environments
    return replace(state, environments=known, settings_fault=event.fault)


@rule.register
def _(event: e.NameConfirmed, state: State, time: float) -> State:
    return let_in(state)


@rule.register
def _(event: e.DeletionStarted, state: State, time: float) -> State:
    return replace(state, deleting=True)


@rule.register
def _(event: e.DeletionStopped, state: State, time: float) -> State:
    return replace(state, deleting=False)


@rule.register
def _(event: e.EnvironmentDeleted, state: State, time: float) -> State:
    seen = state.rollout
    rollout = None if seen and seen.revision else seen  # what comes after an empty one is new
    gone = replace(state, releases=(), iteration=None, rollout=rollout, disk=Disk())
    who: Deleted = "elsewhere" if event.elsewhere else "here"
    return replace(gone, holds_tree=0, synced=NOTHING_SYNCED, deleting=False, deleted=who)
