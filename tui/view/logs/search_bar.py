"""The search bar: takes the expression to search for; what it matches lights up while typing."""

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, Static

from tui.view.logs.filter_bar import expression_fault
from tui.view.logs.keys import BAR_KEYS

HINT = "enter: match above"


class SearchBar(Horizontal):
    """One field and what is wrong with it."""

    DEFAULT_CSS = """
    SearchBar {
        height: 1; background: $boost; display: none;
        Label { color: $text-muted; margin-right: 1; }
        Input { width: 2fr; margin-right: 1; }
        Static { color: $text-muted; width: 1fr; height: 1; }
        &.-invalid Static { color: $text-error; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*BAR_KEYS]

    @dataclass
    class Typed(Message):
        """The expression, valid or empty, has changed."""

        pattern: str

    @dataclass
    class Submitted(Message):
        """The nearest match is wanted."""

        pattern: str

    @dataclass
    class Closed(Message):
        """The reader goes back to the lines."""

    def compose(self) -> ComposeResult:
        """Put the field before the words."""
        yield Label("search")
        yield Input(compact=True)
        yield Static(HINT, markup=False)

    def show(self, pattern: str) -> None:
        """Open with the last expression selected."""
        self.display = True
        field = self.query_one(Input)
        with self.prevent(Input.Changed):
            field.value = pattern
        field.focus()

    def action_close(self) -> None:
        """Hide the bar; what is searched stays lit."""
        self.display = False
        self.post_message(self.Closed())

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        fault = expression_fault(event.value)
        self.set_class(bool(fault), "-invalid")
        self.query_one(Static).update(Content(f"✖ {fault}" if fault else HINT))
        if not fault:
            self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if not expression_fault(event.value):
            self.post_message(self.Submitted(event.value))
            self.action_close()
