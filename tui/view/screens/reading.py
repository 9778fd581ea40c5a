"""Screens that only show something: a fault whole, and the help."""

from collections.abc import Iterable
from itertools import groupby

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.model.faults import Fault
from tui.view.actions import ACTIONS, shown_key
from tui.view.present import ACCENT, MUTED, lines, muted, present_fault
from tui.view.screens.dialog import Dialog, scrolled

EVERYTHING = 500
"""Lines of evidence shown of one fault."""


class FaultScreen(Dialog[None]):
    """Shows a fault with all of its evidence."""

    TITLE_TEXT = "What went wrong"

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self._fault = fault

    def compose_body(self) -> ComposeResult:
        """Show the fault."""
        width = min(self.app.size.width * 9 // 10, 130) - 6
        text = present_fault(self._fault, width, EVERYTHING)
        yield scrolled(lines([*text, "", muted(f"[{self._fault.code}]")]))


class HelpScreen(Dialog[None]):
    """Shows what the focused panel says of itself, and every key."""

    TITLE_TEXT = "Help"
    HINT = "↑ ↓ scroll · esc back"

    def __init__(self, about: str, keys: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__()
        self._about = about
        self._keys = tuple(keys)

    def compose_body(self) -> ComposeResult:
        """Show the help."""
        from textual.widgets import Markdown

        with VerticalScroll(classes="scrolled"):
            yield Markdown(self._about)
            yield Static(present_keys(self._keys), classes="text")


def present_keys(own: Iterable[tuple[str, str]]) -> Content:
    """Return all keys by group, those of the focused panel last."""
    rows: list[Content] = []
    for group, actions in groupby(ACTIONS, lambda action: action.group):
        rows.append(Content.styled(group, "bold"))
        rows += [present_key(shown_key(a), a.label, a.tooltip) for a in actions]
    rows.append(present_key("tab, shift+tab", "Panels", "Go from panel to panel"))
    panel = [present_key(keys, "", meaning) for keys, meaning in own]
    return lines([*rows, *([Content.styled("Here", "bold"), *panel] if panel else [])])


def present_key(key: str, label: str, meaning: str) -> Content:
    """Return a key's line."""
    name = f"{label:<10}" if label else ""
    return Content.assemble((f"{key:>16}  ", f"bold {ACCENT}"), name, (meaning, MUTED))
