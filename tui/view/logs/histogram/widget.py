"""The histogram over the lines: counted in a thread of its own, painted when it looks different.

Whenever the feed looks at the store it looks at the rows there are, and orders a count when they
are others or the reader is elsewhere. A count that took long is not repeated soon, so that a flood
does not pay for it; while nothing changes nothing is done.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

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
from tui.view.logs.histogram.counting import Aim, Count, Order, count_lines, order_for
from tui.view.logs.histogram.finding import line_at
from tui.view.logs.histogram.present import (
    LEFT,
    RIGHT,
    Picture,
    present_bar,
    present_histogram,
)
from tui.view.logs.histogram.scale import ALL, RECENT, SECOND, stepped

if TYPE_CHECKING:
    from tui.logs.tally import Bar

PAUSE = 0.5
"""Seconds between two counts."""
REST = 5
"""For how many times as long as a count took there is no other."""
RETRY = 30.0
"""Seconds after a mistake of ours."""
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
        self._reader = excerpt.reader
        self._where: Whereabouts | None = None
        self._releases: Sequence[Release] = ()
        self._span: int | None = None
        self._count: Count | None = None
        """What is shown."""
        self._anew = False
        """Whether the next count cannot go on with it."""
        self._bars: tuple[Bar, ...] = ()
        self._counting: Worker[Count | None] | None = None
        self._aim: Aim | None = None
        """Of what is counted, or was at last."""
        self._began = 0.0
        self._due = 0.0
        self._waiting: asyncio.TimerHandle | None = None

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
        """Wait for nothing more."""
        if self._waiting is not None:
            self._waiting.cancel()

    # Counting

    def _look(self) -> None:
        self._count_if_due()
        self._draw()

    def _count_if_due(self) -> None:
        bars = self.outer_size.width - LEFT - RIGHT
        if self._where is None or not self.display or bars < FEWEST_BARS:
            return
        where = self._where
        aim = Aim(self._excerpt.epoch, self.span, bars, where.following, where.place)
        if self._aim is None or not self._aim.agrees(aim):
            self._counting, self._due = None, 0.0
        if self._counting is not None:
            return
        if (wait := self._due - time.monotonic()) > 0:
            self._look_after(wait)
            return
        order = order_for(None if self._anew else self._count, aim, self._excerpt.rows)
        if order is not None:
            self._begin(order)

    def _look_after(self, seconds: float) -> None:
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().call_later(seconds, self._waited)

    def _waited(self) -> None:
        self._waiting = None
        self._count_if_due()

    def _begin(self, order: Order) -> None:
        self._aim, self._began = order.aim, time.monotonic()

        def work() -> Count | None:
            worker = get_current_worker()
            return count_lines(self._reader, order, lambda: worker.is_cancelled)

        self._counting = self.run_worker(
            work, group="count", thread=True, exclusive=True, exit_on_error=False
        )

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Take in what was counted, or found."""
        worker = event.worker
        if event.state is WorkerState.ERROR:
            self.notify(f"the histogram stopped: {worker.error}", timeout=3, markup=False)
            self._counting, self._due = None, time.monotonic() + RETRY
        elif event.state is WorkerState.SUCCESS and worker is self._counting:
            self._take(worker.result)
        elif event.state is WorkerState.SUCCESS and worker.group == "find" and worker.result:
            self.post_message(self.Found(worker.result))

    def _take(self, count: Count | None) -> None:
        """Show a count; without one the next is anew."""
        now = time.monotonic()
        self._due = now + max(PAUSE, REST * (now - self._began))
        self._counting, self._anew = None, count is None
        if count is not None:
            self._count = count
            self._bars = tuple(count.tally.bar(slot) for slot in count.scale.slots)
        self._look()

    # Showing

    def _draw(self) -> None:
        count, where, walk = self._count, self._where, self._excerpt.walk
        if count is None or where is None:
            self.picture = None
            return
        scale = count.scale
        bars = sorted((scale.bar_at(where.top), scale.bar_at(where.bottom)))
        self.picture = Picture(
            scale,
            self._bars,
            count.extent[1],
            (bars[0], bars[1]),
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
        reader, rows = self._reader, self._excerpt.rows
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
