"""The reducer: state and event in, next state out. Pure, total, and the only maker of states."""

from tui.model.events import Stamped
from tui.model.rules import iterating, project, standing, syncing, watching
from tui.model.rules.rule import rule
from tui.model.state import State

SUBJECTS = (project, watching, iterating, syncing, standing)
"""Whose rules there are: a module adds its own when it is loaded."""


def reduce(state: State, stamped: Stamped) -> State:
    """Return the state after `stamped`; events it knows nothing of leave the state as it is."""
    return rule(stamped.event, state, stamped.time)
