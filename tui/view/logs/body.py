"""The body: the lines with their scrollbar, and what is laid over them."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.scrollbar import ScrollBar, ScrollDown, ScrollTo, ScrollUp
from textual.widget import Widget

from tui.view.logs.excerpt import Excerpt
from tui.view.logs.lines import LineView


class Badge(Widget):
    """Tells how many lines arrived below while the reader looks at older ones."""

    DEFAULT_CSS = """
    Badge {
        layer: above; width: auto; max-width: 100%; height: 1; padding: 0 1; display: none;
        background: $warning; color: $text; text-style: bold; pointer: pointer;
    }
    """
    ALLOW_SELECT: ClassVar[bool] = False
    unseen: reactive[int] = reactive(0, layout=True)

    def render(self) -> Content:
        """Draw the count and the way to the lines."""
        lines = "line" if self.unseen == 1 else "lines"
        return Content(f"▼ +{self.unseen:,} new {lines} - press end to follow")

    def watch_unseen(self) -> None:
        """Be there only when there is something to tell."""
        self.display = self.unseen > 0


class Plaque(Widget):
    """Says why there are no lines, and what to do."""

    DEFAULT_CSS = """
    Plaque {
        layer: above; width: 100%; height: 100%; padding: 0 2; display: none;
        content-align: center middle; text-align: center; color: $text-muted;
    }
    """
    ALLOW_SELECT: ClassVar[bool] = False
    words: reactive[str] = reactive("")

    def render(self) -> Content:
        """Draw the words as they are."""
        return Content(self.words)

    def watch_words(self) -> None:
        """Be there only when there is something to tell."""
        self.display = bool(self.words)


class Body(Horizontal):
    """The lines, the bar beside them, the badge and the plaque over them."""

    DEFAULT_CSS = """
    Body {
        height: 1fr;
        & > Container { layers: below above; align: right bottom; }
        LineView { layer: below; }
        & > ScrollBar { width: 1; height: 100%; }
    }
    """

    def __init__(self, excerpt: Excerpt) -> None:
        super().__init__()
        self.lines = LineView(excerpt)
        self._badge = Badge()
        self._plaque = Plaque()
        self._bar = ScrollBar()

    def compose(self) -> ComposeResult:
        """Lay badge and plaque over the lines."""
        with Container():
            yield self.lines
            yield self._badge
            yield self._plaque
        yield self._bar

    def show_place(self, words: str) -> None:
        """Bring bar, badge and plaque in line with where the reader is."""
        window = self.lines.window
        self._bar.window_virtual_size = window.stop - window.first
        self._bar.window_size = self.lines.rows_shown
        self._bar.position = window.top - window.first
        self._badge.unseen = window.unseen
        self._plaque.words = words

    @on(ScrollUp)
    def _page_up(self, event: ScrollUp) -> None:
        event.stop()
        self.lines.action_page(-1)

    @on(ScrollDown)
    def _page_down(self, event: ScrollDown) -> None:
        event.stop()
        self.lines.action_page(1)

    @on(ScrollTo)
    def _drag(self, event: ScrollTo) -> None:
        event.stop()
        if event.y is not None:
            self.lines.drag_to(event.y)

    @on(events.Click, "Badge")
    def _follow(self, event: events.Click) -> None:
        event.stop()
        self.lines.action_end()
