"""The rule by the kind of event; each subject's module adds its own. Pure."""

from functools import singledispatch
from typing import Any

from tui.model.state import State


@singledispatch
def rule(event: Any, state: State, time: float) -> State:
    """Return the state after an event at Unix time `time`; of one without a rule, as it was."""
    return state
