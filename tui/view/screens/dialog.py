"""A dialog: a framed box over the cockpit; Escape leaves it without doing anything."""

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from tui.model.state import State
from tui.view.guarding import Guarded
from tui.view.present import plain

Answer = TypeVar("Answer")


class Dialog(Guarded, ModalScreen[Answer | None]):
    """A box with a title; subclasses fill it in `compose_body`."""

    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        & > .box {
            width: 90%;
            max-width: 130;
            height: auto;
            max-height: 92%;
            &.-tall { height: 92%; }
            &.-tall > .scrolled { height: 1fr; max-height: 100%; }
            border: round $primary;
            border-title-color: $text;
            border-title-style: bold;
            border-subtitle-color: $text-muted;
            background: $surface;
            padding: 0 1;
        }
        & .text { height: auto; }
        & .scrolled {
            height: auto;
            max-height: 80vh;
            scrollbar-size-vertical: 1;
            scrollbar-gutter: stable;
            scrollbar-background: $surface;
            scrollbar-background-hover: $surface;
        }
        & .buttons { height: auto; align-horizontal: right; }
        & Button { margin-left: 2; min-width: 12; height: 1; border: none; }
    }
    .-tiny Dialog > .box, .-slim Dialog > .box { width: 100%; max-height: 100%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Back", id="dialog.back", tooltip="Leave without doing it")
    ]
    TITLE_TEXT = ""
    TALL = False
    """Whether the box takes the screen's height, for what scrolls beside other things."""
    HINT = "esc back"

    def compose(self) -> ComposeResult:
        """Make the box."""
        with Vertical(classes="box -tall" if self.TALL else "box") as box:
            box.border_title = plain(self.TITLE_TEXT)
            box.border_subtitle = plain(self.HINT)
            yield from self.compose_body()

    def compose_body(self) -> ComposeResult:
        """Make what is in the box."""
        yield from ()

    def show(self, state: State) -> None:
        """Show a newer state, where what is asked depends on it."""

    def entitle(self, title: str) -> None:
        """Change the title."""
        self.query_one(".box").border_title = plain(title)


def show_in_dialogs(screens: Iterable[Screen[Any]], state: State) -> None:
    """Have no dialog go on asking about what has changed meanwhile."""
    for screen in screens:
        if isinstance(screen, Dialog) and screen.is_mounted:
            screen.show(state)


def scrolled(text: Content, id: str | None = None) -> VerticalScroll:
    """Return a scrollable text."""
    return VerticalScroll(Static(text, id=id, classes="text"), classes="scrolled")
