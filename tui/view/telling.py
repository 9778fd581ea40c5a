"""Telling: what of an event deserves a passing notice besides what the panels show. Pure."""

from tui.model import events as e

Word = tuple[str, str]
"""A text, and `information` or `error`."""


def leaves_nothing(event: e.Event) -> bool:
    """Whether all that is kept of the environment was taken away under this redraft."""
    return isinstance(event, e.EnvironmentDeleted) and event.elsewhere


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
        case e.EnvironmentDeleted(elsewhere=False):
            return "deleted: what this environment made is removed", "information"
        case _:
            return None
