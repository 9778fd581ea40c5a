"""ACTIONS: the one table of keys. Bindings, footer, palette, help and README follow from it."""

from collections.abc import Callable
from dataclasses import dataclass

from textual.binding import Binding

from tui.model.commands import Cancel, Command, Up


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a key does."""

    id: str
    """Names the binding, so that a keymap can rebind it, and the cockpit's `action_…` method."""
    key: str
    label: str
    tooltip: str
    verb: str = ""
    """What `permissions` must allow; empty when it can always act."""
    command: Callable[[], Command] | None = None
    """Makes the command it submits, where that is all it does."""
    shown: bool = True
    """Whether the footer has room for it."""
    needs_engine: bool = True


ACTIONS = (
    Action("create", "c", "Create", "Write draft.toml, Dockerfile and chart", needs_engine=False),
    Action("up", "u", "Up", "Build and deploy the tree as it is now", "up", Up),
    Action("rollback", "r", "Rollback", "Go back to an earlier revision, previewed", "rollback"),
    Action("watch", "w", "Watch", "Pause watching, or go on with what queued"),
    Action("logs", "l", "Logs", "Give the whole screen to the logs, and back"),
    Action("history", "h", "History", "Every release: tag, commit, files, seconds", "history"),
    Action("environment", "e", "Env", "Choose another environment", "environment"),
    Action("open", "o", "Open", "Open the app's address in the browser", "open"),
    Action("filter", "/", "Filter", "Show only the log lines you want"),
    Action("why", "i", "Why", "Cause, evidence and remedy of what failed", shown=False),
    Action("cancel", "X", "Cancel", "Stop the running build", "cancel", Cancel, shown=False),
    Action("delete", "D", "Delete", "Remove all of this environment", "delete", shown=False),
    Action("help", "?", "Help", "What the focused panel and every key do", needs_engine=False),
    Action(
        "palette", "ctrl+p", "Palette", "Find any action by its name", shown=False,
        needs_engine=False,
    ),
    Action("quit", "q", "Quit", "Leave; the app goes on running", needs_engine=False),
)  # fmt: skip

BY_ID = {action.id: action for action in ACTIONS}
KEY_NAMES = {"ctrl+p": "^p"}


def bindings() -> list[Binding]:
    """Return the cockpit's bindings; the palette is Textual's own."""
    return [
        Binding(
            action.key,
            f"act('{action.id}')",
            action.label,
            show=action.shown,
            tooltip=action.tooltip,
            id=action.id,
            key_display=KEY_NAMES.get(action.key),
        )
        for action in ACTIONS
        if action.id != "palette"
    ]


def present_key_table() -> str:
    """Return README's table of keys."""
    rows = [f"| `{a.key}` | {a.label} | {a.tooltip} |" for a in ACTIONS]
    return "\n".join(["| key | | what it does |", "|---|---|---|", *rows])
