"""Telling: what of an event deserves a passing notice besides what the panels show. Pure."""

from tui.model import events as e

Word = tuple[str, str]
"""A text, and `information` or `error`."""


DELETED = "deleted: what this environment made is removed"
DELETED_ELSEWHERE = "deleted elsewhere: another redraft removed this environment; u brings it up"


def passing_word(event: e.Event) -> Word | None:
    """Return what to say of an event, None for nothing."""
    match event:
        case e.CommandRefused(command, reason):
            return f"{command}: {reason}", "error"
        case e.FaultRaised(fault) | e.WatchFailed(fault) | e.SyncFailed(fault=fault):
            return f"{fault.sentence} (i tells more)", "error"
        case e.SettingsRefused(fault):
            return f"{fault.place}: {fault.sentence} (i tells more)", "error"
        case e.SettingsChanged() | e.SyncedFilesLost():
            return event.sentence, "information"
        case e.Noticed(text):
            return text, "information"
        case e.IgnoreRulesReloaded(paths):
            return f"new ignore rules: {', '.join(paths)}", "information"
        case e.EnvironmentDeleted(elsewhere):
            return DELETED_ELSEWHERE if elsewhere else DELETED, "information"
        case _:
            return None
