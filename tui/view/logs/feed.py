"""The feed: heading and lines, kept in step with what the store has.

Twenty times a second it asks the store for its bounds and the walk for what it found; that is all
it does however many lines arrive. While nothing is new it asks half as often, and in a flood that
nobody could read a quarter as often: a key may not find it painting. After a while of nothing it
waits to be told by the writer of this process, with a rare look for what another one wrote, so that
an idle cockpit costs next to nothing; while nothing is new not even a message is sent. The filter's
walk may take long and runs in a thread; it is told to stop by a flag, never waited for.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.worker import Worker, WorkerState

from tui.model.faults import Fault, FaultError
from tui.model.loglines import LogFilter
from tui.model.releases import Release
from tui.view.logs.body import Body
from tui.view.logs.excerpt import Excerpt
from tui.view.logs.heading import Facts, Heading, present_empty
from tui.view.logs.histogram.widget import Histogram, Whereabouts
from tui.view.logs.lines import LineView
from tui.view.logs.reading import Nothing, Reading

POLL = 0.05
SLOW_POLL = 0.1
FLOOD_POLL = 0.2
LULL_POLL = 1.0
FLOOD = 500
"""Lines between two looks beyond which nobody reads them as they come."""
PATIENCE = 20
"""Looks at which nothing is new before they become rarer."""
HIGH_ENOUGH, WIDE_ENOUGH = 19, 60
"""Cells of all the pane from which on there is room for the histogram."""
LULL = 80
"""Looks at which nothing is new before they become as rare as they get."""


class Feed(Vertical):
    """Shows the log lines of an environment as they come, back to the oldest."""

    @dataclass
    class Woken(Message, bubble=False):
        """The walk in its thread found something, or is done."""

        def can_replace(self, message: Message) -> bool:
            """Once is enough."""
            return isinstance(message, Feed.Woken)

    def __init__(self, reader: Reading | None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._excerpt = Excerpt(reader or Nothing(), self._wake)
        self._body = Body(self._excerpt)
        self._histogram = Histogram(self._excerpt)
        self._pattern = ""
        self._fault: Fault | None = None
        self._quiet = 0
        self._arrived = 0
        self._ticking: asyncio.TimerHandle | None = None

    @property
    def lines(self) -> LineView:
        """The lines, where the keys work."""
        return self._body.lines

    def compose(self) -> ComposeResult:
        """Put heading and histogram above the lines."""
        yield Heading()
        yield self._histogram
        yield self._body

    def on_mount(self) -> None:
        """Begin to ask for lines."""
        self.watch(self.lines, "window", self._tell, init=False)
        self._loop = asyncio.get_running_loop()
        self._excerpt.reader.listen(self._hear)
        self._poll()
        self._tick()

    def on_resize(self) -> None:
        """Give up the histogram where the lines need the room."""
        self._make_room()

    def notify_style_update(self) -> None:
        """Do so too where Textual does not tell of another size: after a change of styles."""
        super().notify_style_update()
        self.call_after_refresh(self._make_room)

    def _make_room(self) -> None:
        # Not `size`: between a change of styles and the layout that follows it, asking for it lays
        # out unheard, and the widgets that got another size are never told.
        size = self.outer_size
        roomy = size.height >= HIGH_ENOUGH and size.width >= WIDE_ENOUGH
        if roomy != self._histogram.display:
            self._histogram.display = roomy
            self.call_after_refresh(self._tell)

    def on_unmount(self) -> None:
        """Let the threads end."""
        if self._ticking is not None:
            self._ticking.cancel()
        self._excerpt.close()

    def focus(self, scroll_visible: bool = True) -> Self:
        """Focus the lines."""
        self.lines.focus(scroll_visible)
        return self

    def choose(self, wanted: LogFilter) -> None:
        """Show what a filter lets through; a reader who is not following stays at the same line."""
        line = self.lines.place
        self._excerpt.choose(wanted)
        self.lines.take_rows()
        if line:
            self.lines.seek(line)
        self._poll()

    def show_releases(self, releases: Sequence[Release]) -> None:
        """Mark in the histogram where revisions were begun."""
        self._histogram.show_releases(releases)

    # Asking the store

    def _tick(self) -> None:
        """Look whether there is anything new; Textual's own timers would cost 1 % of a core."""
        self._quiet = 0 if self._excerpt.stale() else self._quiet + 1
        pause = pause_after(self._quiet, self._arrived)
        self._ticking = self._loop.call_later(pause, self._tick)
        if not self._quiet:
            self._wake()

    def _hear(self) -> None:
        """Look soon though it was quiet: lines were written; called from the writer's thread."""
        if self._quiet >= PATIENCE:
            self._loop.call_soon_threadsafe(self._hasten)

    def _hasten(self) -> None:
        if self._ticking is not None and not self._ticking.cancelled():
            self._ticking.cancel()
            self._tick()

    def _wake(self) -> None:
        """Take in what is new soon; called from threads too."""
        self.post_message(self.Woken())

    @on(Woken)
    def _poll(self) -> None:
        newest = self._excerpt.newest
        try:
            changed = self._excerpt.poll()
            self._arrived = self._excerpt.newest - newest
            self._keep_walking()
            if changed:
                self.lines.take_rows()
            self._fault = self._excerpt.walk.fault if self._excerpt.walk else None
        except FaultError as error:
            self._fault = error.fault
        self._tell()

    def _keep_walking(self) -> None:
        walk = self._excerpt.walk
        if walk and not walk.running and walk.stirring(self._excerpt.newest):
            walk.running = True
            self.run_worker(walk.run, group="walk", thread=True, exit_on_error=False)

    def _tell(self) -> None:
        excerpt, window = self._excerpt, self.lines.window
        facts = Facts(
            wanted=excerpt.wanted,
            shown=excerpt.shown,
            total=excerpt.total,
            following=window.following,
            scanning=excerpt.walk.progress if excerpt.walk and excerpt.scanning else None,
            search=self._pattern,
            fault=self._fault.sentence if self._fault else "",
        )
        self.query_one(Heading).facts = facts
        self._body.show_place(present_empty(facts) if window.empty else "")
        self._show_whereabouts()

    def _show_whereabouts(self) -> None:
        """Have the histogram tell of the lines there are, and where the reader is among them."""
        window = self.lines.window
        bottom = window.top + max(0, self.lines.rows_shown - 1)
        rows = () if window.empty else (window.cursor, window.top, bottom)
        times = [line.time for row in rows if (line := self._excerpt.line(row))]
        if len(times) == len(rows):  # else the store is busy, or a row is a hole
            self._histogram.look(Whereabouts(window.following, *times) if times else None)

    @on(Histogram.Found)
    def _go_to_time(self, event: Histogram.Found) -> None:
        event.stop()
        self.lines.seek(event.line)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Tell what went wrong in the walk's thread."""
        event.stop()
        if event.state is WorkerState.ERROR and event.worker.group == "walk":
            sentence = f"the walk stopped: {event.worker.error}"
            if self._excerpt.walk is not None:
                self._excerpt.walk.fault = Fault("log-walk-failed", sentence)
            self._notice(sentence)

    def _notice(self, text: str) -> None:
        self.notify(text, timeout=3, markup=False)


def pause_after(quiet: int, arrived: int) -> float:
    """Return the seconds to the next look, after so many in vain; the last good one found lines."""
    if quiet >= LULL:
        return LULL_POLL
    if quiet >= PATIENCE:
        return SLOW_POLL
    return POLL if arrived < FLOOD else FLOOD_POLL
