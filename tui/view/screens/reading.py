"""Screens that only show something: a fault whole, and the help."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.content import Content

from tui.model.faults import Fault
from tui.view.actions import ACTIONS, KEY_NAMES, Action
from tui.view.present import ACCENT, MUTED, lines, plain, present_fault
from tui.view.screens.dialog import Dialog, scrolled


class FaultScreen(Dialog[None]):
    """Shows a fault with all of its evidence."""

    TITLE_TEXT = "What went wrong"

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self._fault = fault

    def compose_body(self) -> ComposeResult:
        """Show the fault."""
        code = plain(f"[{self._fault.code}]", MUTED)
        yield scrolled(lines([present_fault(self._fault, evidence=500), "", code]))


class HelpScreen(Dialog[None]):
    """Shows what the focused panel says of itself, and every key."""

    TITLE_TEXT = "Help"

    def __init__(self, about: str, keys: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__()
        self._about = about
        self._keys = tuple(keys)

    def compose_body(self) -> ComposeResult:
        """Show the help."""
        about = [line.removeprefix("## ") for line in self._about.strip().splitlines()]
        own = [present_key(key, "", text) for key, text in self._keys]
        yield scrolled(
            lines(
                [
                    *about,
                    "",
                    *own,
                    *([""] if own else []),
                    *(
                        present_key(KEY_NAMES.get(a.key, a.key), a.label, a.tooltip)
                        for a in ACTIONS
                    ),
                    Content.styled("tab and shift+tab go from panel to panel", MUTED),
                ]
            )
        )


def present_key(key: str, label: str, tooltip: str) -> Content:
    """Return a key's line."""
    name = f"{label:<12}" if label else ""
    return Content.assemble((f"{key:>14}  ", f"bold {ACCENT}"), name, (tooltip, MUTED))


def shown_key(action: Action) -> str:
    """Return a key as people write it."""
    return KEY_NAMES.get(action.key, action.key)
