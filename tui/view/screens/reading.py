"""Screens that only show something: a fault whole, and the help."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

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
        from textual.widgets import Markdown

        own = [present_key(key, "", text) for key, text in self._keys]
        every = [present_key(shown_key(a), a.label, a.tooltip) for a in ACTIONS]
        last = Content.styled("tab and shift+tab go from panel to panel", MUTED)
        with VerticalScroll(classes="scrolled"):
            yield Markdown(self._about)
            yield Static(lines([*own, *([""] if own else []), *every, "", last]), classes="text")


def present_key(key: str, label: str, tooltip: str) -> Content:
    """Return a key's line."""
    name = f"{label:<12}" if label else ""
    return Content.assemble((f"{key:>16}  ", f"bold {ACCENT}"), name, (tooltip, MUTED))


def shown_key(action: Action) -> str:
    """Return a key as people write it."""
    return KEY_NAMES.get(action.key, action.key)
