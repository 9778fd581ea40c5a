"""Rules on how things stand between iterations: history, rollout, ports, disk, notices. Pure."""

from dataclasses import replace

from tui.model import events as e
from tui.model.rules.rule import rule
from tui.model.state import NOTICES_KEPT, Disk, State


@rule.register
def _(event: e.ConnectionsChanged, state: State, time: float) -> State:
    return replace(state, connections=event.connections)


@rule.register
def _(event: e.HistoryLoaded, state: State, time: float) -> State:
    return replace(state, releases=event.releases)


@rule.register
def _(event: e.RolloutObserved, state: State, time: float) -> State:
    known = state.rollout
    anew = known is not None and not known.revision and event.rollout.revision > 0
    seen = replace(state, rollout=event.rollout, verdict=event.verdict)
    return replace(seen, deleted="") if anew else seen


@rule.register
def _(event: e.DiskMeasured, state: State, time: float) -> State:
    return replace(state, disk=Disk(event.snapshots, event.dependencies, event.logs))


@rule.register
def _(event: e.FaultRaised, state: State, time: float) -> State:
    return replace(state, faults=(*state.faults, event.fault)[-NOTICES_KEPT:])


@rule.register
def _(event: e.Noticed, state: State, time: float) -> State:
    return replace(state, notices=(*state.notices, (time, event.text))[-NOTICES_KEPT:])
