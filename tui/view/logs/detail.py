"""Detail: one line shown whole, with everything known about it."""

from datetime import UTC, datetime
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Static

from tui.model.loglines import LogLine
from tui.view.logs.json_text import laid_out
from tui.view.logs.wrapping import wrapped


class TextView(ScrollView, can_focus=True):
    """A long text, wrapped; only what is on screen is drawn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self._rows: list[str] = []

    def on_resize(self, event: events.Resize) -> None:
        """Wrap for the new width."""
        width = self.scrollable_content_region.width
        self._rows = [
            line[start:stop]
            for line in self._text.split("\n")
            for starts in [wrapped(line, width)]
            for start, stop in zip(starts, [*starts[1:], len(line)], strict=True)
        ]
        self.virtual_size = Size(width, len(self._rows))

    def render_line(self, y: int) -> Strip:
        """Draw one screen line."""
        row = self.scroll_offset.y + y
        text = self._rows[row] if row < len(self._rows) else ""
        return Strip([Segment(text, self.rich_style)]).adjust_cell_length(
            self.size.width, self.rich_style
        )


class LineScreen(ModalScreen[None]):
    """Shows one log line whole."""

    DEFAULT_CSS = """
    LineScreen { align: center middle; }
    LineScreen > Vertical {
        width: 90%; height: 80%; border: round $primary; background: $surface; padding: 0 1;
        border-title-color: $text; border-subtitle-color: $text-muted;
    }
    LineScreen Static { height: auto; color: $text-muted; margin-bottom: 1; }
    LineScreen TextView { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss", "Close", id="line.close", tooltip="Back to the log"),
        Binding("y", "copy", "Copy", id="line.copy", tooltip="Copy the message as it was written"),
        Binding("j", "scroll(1)", "Down", show=False, id="line.down", tooltip="One line down"),
        Binding("k", "scroll(-1)", "Up", show=False, id="line.up", tooltip="One line up"),
    ]

    def __init__(self, line: LogLine) -> None:
        super().__init__()
        self._line = line

    def compose(self) -> ComposeResult:
        """Put what is known above the message."""
        with Vertical() as frame:
            frame.border_title = Content(f"Line {self._line.id:,}")
            frame.border_subtitle = Content("y copy · ↑ ↓ scroll · escape close")
            yield Static(Content(present_origin(self._line)))
            yield TextView(laid_out(self._line.message))

    def on_mount(self) -> None:
        """Let the arrow keys scroll at once."""
        self.query_one(TextView).focus()

    def action_copy(self) -> None:
        """Copy the message as it was written, not as it is laid out."""
        self.app.copy_to_clipboard(self._line.message)
        self.notify("copied the line", timeout=2, markup=False)

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one(TextView).scroll_relative(y=by, animate=False)


def present_origin(line: LogLine) -> str:
    """Return when and where a line was said, in two lines."""
    moment = datetime.fromtimestamp(line.time // 1000 / 1e6, UTC).astimezone()
    said = f"{line.pod} · {line.container}" if line.container else line.pod
    number = "iteration" if line.stream in {"build", "redraft"} else "revision"
    return (
        f"{moment:%Y-%m-%d %H:%M:%S.%f %z} · {line.stream} · level {line.level.name.lower()}\n"
        f"{said} · {number} {line.revision}"
        + (f" · restart {line.restart}" if line.restart else "")
    )
