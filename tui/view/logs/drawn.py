"""Drawn lines: the rows of an excerpt on Textual's line API.

Only rows on screen are read and styled. Where the reader is, is a `Window`; every key, wheel step
and pull at the scrollbar replaces it by another, and what changed is painted by `render_line`.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.geometry import Region, Size
from textual.reactive import var
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from tui.model.loglines import LogLine
from tui.view.logs import window as at
from tui.view.logs.drawing import Cover, Place, draw, offsets
from tui.view.logs.excerpt import PAGE, Excerpt
from tui.view.logs.gutter import columns
from tui.view.logs.hues import Hues
from tui.view.logs.palette import PARTS, Palette
from tui.view.logs.present import Look, Painted, paint
from tui.view.logs.selecting import selected_span, selected_text
from tui.view.logs.window import Window

if TYPE_CHECKING:
    from tui.logs.finding import Search

RETRY = 0.3


class DrawnLines(Widget):
    """The lines, virtual: of a million only those on screen cost anything."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"log-lines--{part}" for part in PARTS}
    DEFAULT_CLASSES = "log-lines"

    window: var[Window] = var(Window())
    """Where the reader is."""

    def __init__(self, excerpt: Excerpt, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.excerpt = excerpt
        self.wrap = False
        self.timestamps = True
        self.search: Search | None = None
        self._left = 0
        self._epoch = excerpt.epoch
        self._sought = 0
        self._hues = Hues()
        self._look: Look | None = None
        self._pods = 0
        self._retrying = False
        self._covers: tuple[Cover, Cover] | None = None
        """For lines and the cursor's line, while drawing; when Textual asks for a single line it
        wants to know what is where."""
        self._painted: dict[int, Painted] = {}
        self._shown: list[tuple[int, int]] = []

    # The rows and the look

    def take_rows(self) -> None:
        """Take in that the excerpt has other rows now."""
        rows = self.excerpt.rows
        if self._epoch != self.excerpt.epoch:
            self._epoch = self.excerpt.epoch
            self.refresh()
            following = self.window.following or self.window.empty
            self.window = Window(height=self.size.height, following=following, seen=rows.stop)
        self._go(at.grown(self.window, rows.first, rows.stop, self._height_of))
        if self._sought and self.excerpt.covers(self._sought):
            line, self._sought = self._sought, 0
            self._go(at.centred(self.window, rows.row_near(line), self._height_of))

    def restyle(self) -> None:
        """Draw everything anew after wrap, timestamps, search, size or theme changed."""
        self._look = None
        self._painted.clear()
        self._go(at.resized(self.window, self.size.height, self._height_of))
        self.refresh()

    def seek(self, line: int) -> None:
        """Put the cursor on a line as soon as it is among the rows, unless the reader moves."""
        self._sought = line
        self.take_rows()

    @property
    def rows_shown(self) -> int:
        """How many rows are on screen, at least in part."""
        return len({row for row, _ in self._shown})

    @property
    def cursor_line(self) -> LogLine | None:
        """The line under the cursor."""
        return None if self.window.empty else self.excerpt.line(self.window.cursor)

    @property
    def place(self) -> int:
        """The id of the line the reader is at, or is on the way to; 0 while following."""
        if self._sought or self.window.following:
            return self._sought
        line = self.cursor_line
        return line.id if line else 0

    @property
    def look(self) -> Look:
        """What decides how lines look now."""
        pods = self.excerpt.pages.pods
        if self._look is None or self._pods != len(pods):
            self._pods = len(pods)
            shape = columns(self.size.width, timestamps=self.timestamps, pods=pods)
            palette = Palette.of(self.get_component_rich_style, self._hues)
            self._look = Look(self.size.width, shape, palette, self.wrap, self.search)
            self._painted.clear()
        return self._look

    def _paint(self, row: int) -> Painted | None:
        line = self.excerpt.line(row)
        if line is None:
            return None
        look = self.look
        painted = self._painted.get(line.id)
        if painted is None:
            if len(self._painted) > 4 * PAGE:
                self._painted.clear()
            painted = self._painted[line.id] = paint(line, look)
        return painted

    def _height_of(self, row: int) -> int:
        if not self.wrap:
            return 1
        painted = self._paint(row)
        return len(painted.pieces) if painted else 1

    # Drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw, with styles asked for once and not for every line."""
        cursor = self.get_component_rich_style("log-lines--cursor")
        selection = self.screen.get_component_rich_style("screen--selection")
        base = self.rich_style
        under_cursor = cursor if self.has_focus else base
        self._covers = (Cover(base, selection), Cover(under_cursor, selection))
        try:
            return super().render_lines(crop)
        finally:
            self._covers = None

    def render_line(self, y: int) -> Strip:
        """Draw one screen line; for the mouse, tell which character is where."""
        if y >= len(self._shown):
            return Strip.blank(self.size.width, self.rich_style)
        row, piece = self._shown[y]
        painted = self._paint(row)
        if painted is None or piece >= len(painted.pieces):
            self._try_again()
            return Strip.blank(self.size.width, self.rich_style)
        place = Place(self.excerpt.rows.id_at(row), piece, self._left)
        if self._covers is None:
            return offsets(painted, place, self.look)
        cover = self._covers[row == self.window.cursor]
        if (selection := self.text_selection) is not None:
            cover = replace(cover, selected=selected_span(selection, place.line))
        return draw(painted, place, self.look, cover)

    def _try_again(self) -> None:
        """Draw again soon: a busy store reads as empty for a moment."""
        if not self._retrying:
            self._retrying = True
            self.set_timer(RETRY, self._draw_again)

    def _draw_again(self) -> None:
        self._retrying = False
        self.refresh()

    def _go(self, window: Window) -> None:
        """Be somewhere else; nothing is drawn when that shows the same."""
        shown = at.visible(window, self._height_of)
        if shown != self._shown or window.cursor != self.window.cursor:
            self._shown = shown
            self.refresh()
        self.window = window

    # What Textual tells of size, theme and focus

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in sight."""
        if self._look is not None and self._look.width == event.size.width:
            self._go(at.resized(self.window, event.size.height, self._height_of))
        else:
            self.restyle()

    def notify_style_update(self) -> None:
        """Take the new theme's colours."""
        super().notify_style_update()
        self.restyle()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Show or hide the cursor; no other style asks for the focus, and all take 3 ms."""
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Take all the room there is."""
        return container.height

    # Selecting and copying

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the messages selected, exactly, whatever is cut off on screen."""
        if self.window.empty:
            return None
        shown = self._shown or [(self.window.cursor, 0)]
        return selected_text(selection, self.excerpt, shown[0][0], shown[-1][0]), "\n"

    def copied_text(self) -> str | None:
        """Return the text selected, or else the message under the cursor."""
        taken = self.get_selection(self.text_selection) if self.text_selection else None
        line = self.cursor_line
        return taken[0] if taken and taken[0] else line.message if line else None

    def text_select_all(self) -> None:
        """Select nothing: two clicks open the line instead."""
