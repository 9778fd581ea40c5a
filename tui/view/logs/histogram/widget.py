"""The histogram over the lines: painted when it looks different, and where the mouse can point."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.worker import Worker, WorkerState, get_current_worker

from tui.model.frozen import frozen
from tui.model.loglines import LogFilter
from tui.model.releases import Release
from tui.view.logs.excerpt import Excerpt
from tui.view.logs.histogram.counter import Counter
from tui.view.logs.histogram.counting import Aim, Count, Order, count_lines
from tui.view.logs.histogram.finding import line_at
from tui.view.logs.histogram.present import (
    LEFT,
    RIGHT,
    Picture,
    present_bar,
    present_histogram,
)
from tui.view.logs.histogram.scale import ALL, RECENT, SECOND, stepped

FEWEST_BARS = 20
EVERYTHING = LogFilter()


@frozen
class Whereabouts:
    """Where the reader is, in the times of lines."""

    following: bool
    place: int
    """Of the line under the cursor."""
    top: int
    """Of the first line on the screen."""
    bottom: int


class Histogram(Widget):
    """Shows how many of the chosen lines there were over time, and goes where it is clicked."""

    DEFAULT_CSS = """
    Histogram { height: 2; display: none; pointer: pointer; }
    """
    ALLOW_SELECT: ClassVar[bool] = False
    picture: reactive[Picture | None] = reactive(None)

    @dataclass
    class Found(Message):
        """The line that a click means."""

        line: int

    def __init__(self, excerpt: Excerpt) -> None:
        super().__init__()
        self._excerpt = excerpt
        self._counter = Counter(excerpt, self._run, self._draw)
        self._where: Whereabouts | None = None
        self._releases: Sequence[Release] = ()
        self._span: int | None = None

    @property
    def span(self) -> int:
        """What it shows: of all lines the recent ones, of chosen ones all."""
        if self._span is not None:
            return self._span
        return RECENT if self._excerpt.wanted == EVERYTHING else ALL

    def show_longer(self, by: int) -> int:
        """Show a longer span of time, or a shorter one, and return it."""
        self._span = stepped(self.span, by)
        self._look()
        return self._span

    def show_releases(self, releases: Sequence[Release]) -> None:
        """Mark where revisions were begun."""
        if releases is not self._releases:
            self._releases = releases
            self._draw()

    def look(self, where: Whereabouts | None) -> None:
        """Take in where the reader is, None where there are no lines, and which rows there are."""
        self._where = where
        self._look()

    def on_resize(self) -> None:
        """Make more bars, or fewer."""
        self._look()

    def on_unmount(self) -> None:
        """Count nothing more."""
        self._counter.close()

    # Counting

    def _look(self) -> None:
        self._counter.look(self._aim())
        self._draw()

    def _aim(self) -> Aim | None:
        """Return what is to be counted for; like the feed it does not ask for `size`."""
        bars = self.outer_size.width - LEFT - RIGHT
        if self._where is None or not self.display or bars < FEWEST_BARS:
            return None
        where = self._where
        return Aim(self._excerpt.epoch, self.span, bars, where.following, where.place)

    def _run(self, order: Order) -> None:
        reader = self._excerpt.reader

        def work() -> tuple[Order, Count | None]:
            worker = get_current_worker()
            return order, count_lines(reader, order, lambda: worker.is_cancelled)

        self.run_worker(work, group="count", thread=True, exclusive=True, exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Take in what was counted, or found."""
        worker = event.worker
        if event.state is WorkerState.ERROR:
            self._counter.fail()
            self.notify(f"the histogram stopped: {worker.error}", timeout=3, markup=False)
        if event.state is not WorkerState.SUCCESS or worker.result is None:
            return
        if worker.group == "find":
            self.post_message(self.Found(worker.result))
        else:
            self._counter.take(*worker.result)

    # Showing

    def _draw(self) -> None:
        count, where, walk = self._counter.count, self._where, self._excerpt.walk
        if count is None or where is None:
            self.picture = None
            return
        scale = count.scale
        first, last = sorted(map(scale.nearest_bar, (where.top, where.bottom)))
        self.picture = Picture(
            scale,
            self._counter.bars,
            count.extent[1],
            (first, last),
            tuple((scale.bar_at(int(r.started * SECOND)), r.revision) for r in self._releases),
            int(walk.progress * 100) if walk is not None and self._excerpt.scanning else None,
        )

    def render(self) -> Content:
        """Draw the bars and their axis."""
        return present_histogram(self.picture) if self.picture else Content("")

    # The mouse

    def _bar_under(self, event: events.MouseEvent) -> int | None:
        """Return the bar under the mouse."""
        bar = event.x - LEFT
        return bar if self.picture and 0 <= bar < len(self.picture.bars) else None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell what a bar stands for."""
        bar, picture = self._bar_under(event), self.picture
        self.tooltip = present_bar(picture, bar) if picture and bar is not None else None

    def on_click(self, event: events.Click) -> None:
        """Go to the lines of a bar."""
        bar = self._bar_under(event)
        if self.picture is None or bar is None:
            return
        reader, rows = self._excerpt.reader, self._excerpt.rows
        ids, (begin, end) = rows.ids(rows.first, rows.stop), self.picture.scale.times_of(bar)
        self.run_worker(
            lambda: line_at(reader, ids, begin, end),
            group="find",
            thread=True,
            exclusive=True,
            exit_on_error=False,
        )

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Show a shorter time."""
        event.stop()
        self.show_longer(-1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Show a longer time."""
        event.stop()
        self.show_longer(1)
