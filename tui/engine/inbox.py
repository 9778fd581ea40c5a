"""The inbox: how commands and changed files change what is asked of the loop. Pure."""

from dataclasses import replace

from tui.model import events as e
from tui.model.changes import Change, Commit, HoldReason
from tui.model.commands import (
    Command,
    ConfirmName,
    Delete,
    DropHeld,
    PauseWatch,
    ReleaseHeld,
    ResumeWatch,
    Rollback,
    Up,
)
from tui.model.decide import Inbox, add_changes, hold_reason

RECENT = 10.0
"""Seconds in which a change is taken up: the longest quiet period, and more."""


def receive_command(inbox: Inbox, command: Command) -> tuple[Inbox, e.Event | None]:
    """Return the inbox after `command`, and the event that tells of it where there is one."""
    match command:
        case Up() | Rollback() | Delete():
            return replace(inbox, wanted=command), None
        case ConfirmName():
            return replace(inbox, protected=False, resumed=bool(inbox.paths)), e.NameConfirmed()
        case PauseWatch():
            return replace(inbox, paused=True), e.WatchPaused()
        case ResumeWatch():
            return replace(inbox, paused=False, held=None, resumed=True), e.WatchResumed()
        case ReleaseHeld():
            return replace(inbox, held=None, resumed=True), e.HeldChangesReleased()
        case DropHeld():
            dropped = replace(inbox, held=None, paths=(), saved=0.0)
            return dropped, e.HeldChangesDropped()
    return inbox, None


def receive_changes(
    inbox: Inbox, changes: tuple[Change, ...], before: Commit, after: Commit, now: float
) -> tuple[Inbox, e.Event | None]:
    """Return the inbox after a group of changes, and the event that tells of a hold.

    `before` and `after` tell where git stood at the last group and where it stands now.
    """
    paths = add_changes(inbox.paths, changes)
    if paths == inbox.paths and all(change.ignored_by for change in changes):
        return inbox, None
    held = inbox.held or hold_reason(paths, before, after)
    reason = held or _waits_for(inbox)
    event = e.ChangesHeld(reason, len(paths)) if reason else None
    return replace(
        inbox, paths=paths, saved=saved_at(changes, now), held=held, resumed=False
    ), event


def saved_at(changes: tuple[Change, ...], now: float) -> float:
    """Return when the newest of these changes was saved; `now` where files cannot have told it.

    A deletion has no time, and neither have files that came with their folder.
    """
    newest = max((change.written for change in changes if not change.ignored_by), default=0.0)
    return newest if now - RECENT <= newest <= now else now


def give_back(
    inbox: Inbox, paths: tuple[str, ...], now: float
) -> tuple[Inbox, e.ChangesHeld | None]:
    """Return the inbox with files that have to be built after all, as if just saved."""
    back = tuple(dict.fromkeys((*paths, *inbox.paths)))
    reason = inbox.held or _waits_for(inbox)
    event = e.ChangesHeld(reason, len(back)) if reason else None
    return replace(inbox, paths=back, saved=now, resumed=False), event


def _waits_for(inbox: Inbox) -> HoldReason | None:
    if inbox.protected:
        return "protected"
    return "paused" if inbox.paused else None


def taken_up(inbox: Inbox) -> Inbox:
    """Return the inbox after an iteration took up what waited in it."""
    return replace(inbox, wanted=None, paths=(), saved=0.0, held=None, resumed=False)
