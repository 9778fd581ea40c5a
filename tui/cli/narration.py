"""Narration: events as lines for people without a screen. Pure."""

from functools import singledispatch
from typing import Any

from tui.model import events as e
from tui.model.counts import count_of
from tui.model.faults import Fault

MARKS = {"done": "✔", "cached": "✔", "failed": "✖", "cancelled": "–"}


def present_event(event: e.Event) -> tuple[str, ...]:
    """Return the lines that tell of an event; none for those that only move a panel."""
    return _present(event)


@singledispatch
def _present(event: Any) -> tuple[str, ...]:
    return ()


@_present.register
def _(event: e.ProjectOpened) -> tuple[str, ...]:
    return (f"{event.name} · {event.environment} · {event.backend} on {event.context}",)


@_present.register
def _(event: e.SettingsChanged) -> tuple[str, ...]:
    return (event.sentence,)


@_present.register
def _(event: e.SettingsRefused) -> tuple[str, ...]:
    return present_fault(event.fault)


@_present.register
def _(event: e.WatchStarted) -> tuple[str, ...]:
    why = f": {event.reason}" if event.reason else ""
    return (f"● watching ({event.mode}{why})",)


@_present.register
def _(event: e.FilesChanged) -> tuple[str, ...]:
    counted = [f"  changed {c.path}" for c in event.changes if not c.ignored_by]
    later = [
        f"  {c.path} goes with the next build: ignored by {c.ignored_by}, but not by Docker's rules"
        for c in event.changes
        if c.ignored_by and c.in_context
    ]
    return (*counted[:10], *later[:3])


@_present.register
def _(event: e.ChangesHeld) -> tuple[str, ...]:
    return (f"‖ {event.count} changes wait: {event.reason.replace('-', ' ')}",)


@_present.register
def _(event: e.IterationStarted) -> tuple[str, ...]:
    return (f"▶ iteration {event.iteration} ({event.trigger})",)


@_present.register
def _(event: e.StepPrinted) -> tuple[str, ...]:
    return tuple(f"  │ {line}" for line in event.lines)


@_present.register
def _(event: e.StepFinished) -> tuple[str, ...]:
    note = f" ({event.note})" if event.note else ""
    cached = " cached" if event.outcome == "cached" else ""
    return (f"  {MARKS[event.outcome]} {event.step}{cached} {event.seconds:.1f} s{note}",)


@_present.register
def _(event: e.StageFinished) -> tuple[str, ...]:
    return (f"{MARKS[event.outcome]} {event.stage} {event.seconds:.1f} s",)


@_present.register
def _(event: e.ReleaseStarted) -> tuple[str, ...]:
    back = f" = revision {event.release.rollback_of}" if event.release.rollback_of else ""
    return (f"  revision {event.release.revision}{back}: {event.release.image.reference}",)


@_present.register
def _(event: e.IterationFinished) -> tuple[str, ...]:
    match event.outcome:
        case "ready":
            return (f"✔ revision {event.revision} is ready after {event.seconds:.1f} s",)
        case "deployed":
            return (f"✔ revision {event.revision} is deployed; its rollout is not waited for",)
        case "unchanged":
            return (f"✔ nothing changed: revision {event.revision} runs this tree already",)
        case "failed":
            return present_fault(event.fault) if event.fault else ("✖ failed",)
        case _:
            return (f"– iteration {event.iteration} {event.outcome}",)


@_present.register
def _(event: e.FilesSynced) -> tuple[str, ...]:
    count = event.paths[0] if len(event.paths) == 1 else f"{len(event.paths)} files"
    into = f"{count_of(len(event.into), 'container')} of revision {event.revision}"
    return (f"✔ synced {count} into {into}, {event.seconds:.1f} s after the save",)


@_present.register
def _(event: e.SyncFailed) -> tuple[str, ...]:
    return present_fault(event.fault)


@_present.register
def _(event: e.SyncedFilesLost) -> tuple[str, ...]:
    return (f"– {event.sentence}",)


@_present.register
def _(event: e.CommandRefused) -> tuple[str, ...]:
    return (f"✖ {event.command}: {event.reason}",)


@_present.register
def _(event: e.OldSnapshotsPruned) -> tuple[str, ...]:
    return (f"  pruned {len(event.tags)} old snapshots",)


@_present.register
def _(event: e.FaultRaised) -> tuple[str, ...]:
    return present_fault(event.fault)


@_present.register
def _(event: e.WatchFailed) -> tuple[str, ...]:
    return present_fault(event.fault)


@_present.register
def _(event: e.Noticed) -> tuple[str, ...]:
    return (event.text,)


@_present.register
def _(event: e.EnvironmentDeleted) -> tuple[str, ...]:
    return ("– deleted by another redraft" if event.elsewhere else "✔ deleted",)


def present_fault(fault: Fault) -> tuple[str, ...]:
    """Return a fault as lines: sentence, evidence, remedy."""
    place = f"{fault.place}: " if fault.place else ""
    remedy = (f"  → {fault.remedy}",) if fault.remedy else ()
    evidence = (f"  | {line}" for line in fault.evidence)
    return (f"✖ {place}{fault.sentence} [{fault.code}]", *evidence, *remedy)
