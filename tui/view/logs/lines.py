"""The line view: drawn lines that the user moves about in, by keys, wheel and scrollbar."""

from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message

from tui.model.loglines import LogLine
from tui.view.logs import window as at
from tui.view.logs.drawn import DrawnLines
from tui.view.logs.keys import LINE_KEYS
from tui.view.logs.palette import STYLES

WHEEL = 3
SIDEWAYS = 16


class LineView(DrawnLines, can_focus=True):
    """The lines, and what the user does with them."""

    BINDINGS: ClassVar[list[BindingType]] = [*LINE_KEYS]
    DEFAULT_CSS = STYLES

    @dataclass
    class Opened(Message):
        """A line is to be shown whole."""

        line: LogLine

    def scroll_rows(self, by: int) -> None:
        """Scroll by screen lines, down when positive."""
        self._sought = 0
        self._go(at.scrolled(self.window, by, self._height_of))

    def drag_to(self, position: float) -> None:
        """Scroll to where the scrollbar was pulled."""
        self._sought = 0
        row = self.window.first + round(position)
        self._go(at.dragged(self.window, row, self._height_of))

    def hold(self) -> None:
        """Follow no longer."""
        self._go(at.held(self.window))

    def action_move(self, by: int) -> None:
        """Move the cursor by lines."""
        self._sought = 0
        self._go(at.moved(self.window, by, self._height_of))

    def action_page(self, by: int) -> None:
        """Scroll by screens, one line staying in sight."""
        self.scroll_rows(by * max(1, self.size.height - 1))

    def action_start(self) -> None:
        """Go to the oldest line."""
        self._sought = 0
        self._go(at.at_start(self.window, self._height_of))

    def action_end(self) -> None:
        """Go to the newest line and follow."""
        self._sought = 0
        self._go(at.at_end(self.window, self._height_of))

    def action_sideways(self, by: int) -> None:
        """Scroll lines longer than the screen."""
        self._left = max(0, self._left + by * SIDEWAYS)
        self.refresh()

    def action_open(self) -> None:
        """Show the line under the cursor whole."""
        line = self.cursor_line
        if line is not None:
            self.post_message(self.Opened(line))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Put the cursor under the mouse; what is to be selected must hold still."""
        if event.button == 1 and event.y < len(self._shown):
            self._sought = 0
            row, _ = self._shown[event.y]
            self._go(replace(at.held(self.window), cursor=row))

    def on_click(self, event: events.Click) -> None:
        """Show a line whole after two clicks."""
        if event.chain == 2:
            self.action_open()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll with the wheel."""
        event.stop()
        self.scroll_rows(-WHEEL)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll with the wheel."""
        event.stop()
        self.scroll_rows(WHEEL)
