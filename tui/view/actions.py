"""ACTIONS: the one table of keys. Bindings, key bar, palette, help and README follow from it."""

from itertools import groupby

from textual.binding import Binding

from tui.model.frozen import frozen


@frozen
class Action:
    """One thing a key does."""

    id: str
    """Names the binding, so that a keymap can rebind it, and the method of `Verbs` that does it."""
    key: str
    label: str
    tooltip: str
    group: str
    verb: str = ""
    """What `permissions` must allow; empty when it can always act."""
    rank: int = 0
    """How early the key bar gives up its label for want of room; 0 for never."""
    shown: bool = True
    """Whether the key bar shows it."""
    needs_engine: bool = True


LOOP, LOOK, LEAVE = "The loop", "Looking", "redraft"

ACTIONS = (
    Action("up", "u", "Up", "Build and deploy the tree as it is now", LOOP, "up"),
    Action("rollback", "r", "Rollback", "Go back to the last good revision, previewed", LOOP,
           "rollback"),
    Action("watch", "w", "Watch", "Pause watching, or go on with what queued", LOOP, rank=4),
    Action("held", "b", "Held", "Decide about the changes that are held", LOOP, "release-held",
           shown=False),
    Action("cancel", "a", "Abort", "Stop the running build", LOOP, "cancel", shown=False),
    Action("confirm", "T", "Type name", "Type the name of a protected place to change it", LOOP,
           "confirm-name", shown=False),
    Action("logs", "l", "Logs", "Give the whole screen to the logs, and back", LOOK, rank=3),
    Action("filter", "/", "Filter", "Show only the log lines you want", LOOK, rank=6),
    Action("history", "h", "History", "Every release: tag, commit, files, seconds, verdict", LOOK,
           "history", rank=5),
    Action("why", "i", "Why", "Cause, evidence and remedy of what failed", LOOK, shown=False),
    Action("connect", "p", "Ports", "Open local ports to a ready pod, or close them", LOOK,
           shown=False),
    Action("shell", "x", "Shell", "A shell in a container; the cockpit comes back after", LOOK,
           "shell", shown=False),
    Action("open", "o", "Open", "Open the app's address in the browser", LOOK, "open", rank=7),
    Action("create", "c", "Create", "Look at the project; write draft.toml, Dockerfile, chart",
           LEAVE, rank=9, needs_engine=False),
    Action("environment", "e", "Env", "Choose another environment of draft.toml", LEAVE,
           "environment", rank=8),
    Action("delete", "D", "Delete", "Remove all this environment runs and keeps", LEAVE, "delete",
           shown=False),
    Action("help", "?", "Help", "What the focused panel and every key do", LEAVE, rank=2,
           needs_engine=False),
    Action("palette", "ctrl+p", "Palette", "Find any action by its name", LEAVE, rank=10,
           needs_engine=False),
    Action("quit", "q", "Quit", "Leave; the app goes on running", LEAVE, rank=1,
           needs_engine=False),
)  # fmt: skip

BY_ID = {action.id: action for action in ACTIONS}
BY_KEY = {action.key: action for action in ACTIONS}


def bindings() -> list[Binding]:
    """Return the cockpit's bindings; the palette's is Textual's own."""
    return [
        Binding(
            action.key, f"act('{action.id}')", action.label, tooltip=action.tooltip, id=action.id
        )
        for action in ACTIONS
        if action.id != "palette"
    ]


def shown_key(action: Action) -> str:
    """Return a key as the screen writes it."""
    return action.key.replace("ctrl+", "^")


def present_key_table() -> str:
    """Return README's table of keys."""
    rows = ["| key | | what it does |", "|---|---|---|"]
    for _, group in groupby(ACTIONS, lambda action: action.group):
        rows += [f"| `{a.key}` | {a.label} | {a.tooltip} |" for a in group]
    return "\n".join([*rows, "| `tab`, `shift+tab` | Panels | Go from panel to panel |"])
