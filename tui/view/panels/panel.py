"""A panel: a framed, scrollable text that is made anew from the state."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static


class Panel(VerticalScroll, can_focus=True):
    """One of the cockpit's panels; subclasses say what they show."""

    DEFAULT_CSS = """
    Panel {
        border: round $surface-lighten-2;
        border-title-color: $text-muted;
        background: $surface;
        padding: 0 1;
        scrollbar-size-vertical: 1;
        & > Static { text-wrap: wrap; }
        &:focus { border: round $primary; border-title-color: $text; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "app.act('why')", "Why", show=False, id="panel.why")
    ]

    def compose(self) -> ComposeResult:
        """Make the text."""
        yield Static(classes="text")

    def present(self, title: Content, text: Content, *, to_end: bool = False) -> None:
        """Show a title and a text, unless they are shown already."""
        self.border_title = title.markup
        static = self.query_one(Static)
        if static.content != text:
            static.update(text)
            if to_end and not self.has_focus:
                self.scroll_end(animate=False)
