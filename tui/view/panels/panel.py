"""A panel: a framed, scrollable text that is made anew from the state."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import Static

from tui.model.frozen import frozen
from tui.model.state import State
from tui.view.framed import draw_frame
from tui.view.guarding import tell_trouble

NOTHING = Content("")


@frozen
class Room:
    """How many cells a panel has inside its frame."""

    width: int
    height: int


@frozen
class Picture:
    """What a panel shows."""

    title: Content
    text: Content
    foot: Content = NOTHING
    """What stands in the lower edge of the frame."""
    to_end: bool = False
    """Whether the end matters most, as of a build that goes on."""


class Panel(VerticalScroll, can_focus=True):
    """One of the cockpit's panels; subclasses make its picture."""

    ALLOW_MAXIMIZE = True
    DEFAULT_CSS = """
    Panel {
        border: round $foreground 25%;
        border-title-color: $text;
        border-subtitle-color: $text-muted;
        background: $background;
        padding: 0 0 0 1;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-color: $foreground 20%;
        & > Static { width: 100%; text-wrap: wrap; }
        &:focus { border: round $primary; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "app.act('why')",
            "Why",
            show=False,
            id="panel.why",
            tooltip="Cause, evidence and remedy of what failed",
        )
    ]
    _seen: tuple[State, float] | None = None
    _picture: Picture | None = None

    def __init__(self) -> None:
        super().__init__()
        self._text = Static(classes="text")

    def compose(self) -> ComposeResult:
        """Make the text."""
        yield self._text

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows of a part of the frame around the text."""
        return draw_frame(super().render_lines, crop)

    def picture(self, state: State, now: float, room: Room) -> Picture:
        """Return what to show of a state at a Unix time."""
        raise NotImplementedError

    def show(self, state: State, now: float) -> None:
        """Show a state at a Unix time."""
        self._seen = (state, now)
        self.on_resize()

    def on_mount(self) -> None:
        """Show what was to be shown before."""
        self.on_resize()

    def on_resize(self) -> None:
        """Lay the same state out anew.

        Not before the text is mounted: Textual would go on with the height of the text before.
        """
        if self._seen is None or not self._text.is_mounted:
            return
        region = self.scrollable_content_region
        try:
            picture = self.picture(*self._seen, Room(region.width, region.height))
        except Exception as error:  # noqa: BLE001 - the other panels go on, and this one next time
            tell_trouble(self, error)
        else:
            self._draw(picture)

    def _draw(self, new: Picture) -> None:
        old, self._picture = self._picture, new
        if old is None or not new.title.is_same(old.title):
            self.border_title = new.title
        if old is None or not new.foot.is_same(old.foot):
            self.border_subtitle = new.foot
        if old is None or not new.text.is_same(old.text):
            width = self._text.size.width
            same = old is not None and as_high(old.text, new.text, width)
            self._text.update(new.text, layout=not same)
            if not self.has_focus:
                (self.scroll_end if new.to_end else self.scroll_home)(animate=False)


def as_high(old: Content, new: Content, width: int) -> bool:
    """Whether two texts take the same rows for certain: no line of them is broken into two.

    Then the new one is painted alone; laying the screen out anew takes twice as long.
    """
    before, after = old.split("\n"), new.split("\n")
    return len(before) == len(after) and all(
        line.cell_length <= width for line in (*before, *after)
    )
