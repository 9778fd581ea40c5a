"""Refusing: commands that cannot be taken in the present state. Pure."""

from tui.model.commands import Command, ConfirmName, Connect, Delete, Rollback, Up
from tui.model.permissions import refusals
from tui.model.state import State


def refusal(command: Command, state: State) -> tuple[str, str]:
    """Return the verb and why `command` is refused; an empty reason where it is taken.

    Only what would act on the place itself is refused here: everything else is either harmless or
    answered by the iteration it starts.
    """
    match command:
        case Up() | Rollback() | Delete() if state.protection is not None:
            verb = type(command).__name__.lower()
            return verb, refusals(state)[verb]
        case Connect():
            return "connect", refusals(state)["connect"]
        case ConfirmName(name):
            return "confirm-name", _name_refusal(name, state)
    return "", ""


def _name_refusal(name: str, state: State) -> str:
    if state.protection is None or name == state.protection.name:
        return ""
    return f"the name is {state.protection.name}"
