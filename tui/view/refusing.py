"""Refusing: which keys cannot act now, and why; and what those are called that mean two things."""

from tui.model.permissions import refusals
from tui.model.state import State
from tui.view.actions import ACTIONS, Action
from tui.view.session import Session

LOOKING = {"watch", "logs", "filter", "history", "why", "help", "palette", "quit"}
"""The actions that mean something in a recorded run; `watch` pauses it."""


def key_refusals(session: Session, state: State) -> dict[str, str]:
    """Return for every action why it cannot act now; an empty text where it can."""
    if session.engine is None:
        return {action.id: _without_engine(action, session) for action in ACTIONS}
    if session.player is not None:
        return {a.id: "" if a.id in LOOKING else "this is a recorded run" for a in ACTIONS}
    verbs = refusals(state)
    refused = {action.id: verbs.get(action.verb, "") for action in ACTIONS}
    refused["connect"] = verbs["disconnect" if state.connections else "connect"]
    return refused


def _without_engine(action: Action, session: Session) -> str:
    if session.opening:
        return "" if action.id in {"quit", "help", "palette"} else "redraft is still opening"
    return "press c to create it" if action.needs_engine else ""


def key_labels(session: Session, state: State) -> dict[str, str]:
    """Return the labels of keys that mean something else by and by."""
    paused = state.watch.paused if session.player is None else session.player.paused
    return {
        "watch": "Resume" if paused else "Pause",
        "connect": "Disconnect" if state.connections else "Connect",
    }
