"""The log pane: heading, lines, filter bar and search bar put together.

Twenty times a second it asks the store for its bounds and the walk for what it found; that is all
it does however many lines arrive. While nothing is new, and in a flood nobody could read, it asks
half as often; while nothing is new not even a message is sent. What may take long runs in threads:
the filter's walk, and searches. Both are told to stop by a flag, never waited for; what an
abandoned one finds is dropped.
"""

import asyncio
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.worker import Worker, WorkerState, get_current_worker

from tui.model.faults import Fault, FaultError
from tui.model.loglines import LogFilter
from tui.view.logs.body import Body
from tui.view.logs.detail import LineScreen
from tui.view.logs.excerpt import Excerpt
from tui.view.logs.filter_bar import LEVELS, Choices, FilterBar
from tui.view.logs.heading import Facts, Heading, present_empty
from tui.view.logs.keys import HELP, PANE_KEYS
from tui.view.logs.lines import LineView
from tui.view.logs.reading import Nothing, Reading
from tui.view.logs.search import Hit, Quest, compiled, find
from tui.view.logs.search_bar import SearchBar

POLL = 0.05
SLOW_POLL = 0.1
FLOOD = 500
"""Lines between two looks beyond which nobody reads them as they come."""
PATIENCE = 20
"""Looks at which nothing is new before they become rarer."""


class LogPane(Vertical):
    """Shows the log lines of an environment as they come, back to the oldest."""

    HELP = HELP
    ALLOW_MAXIMIZE = True
    DEFAULT_CSS = """
    LogPane { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*PANE_KEYS]

    @dataclass
    class Woken(Message, bubble=False):
        """The walk in its thread found something, or is done."""

        def can_replace(self, message: Message) -> bool:
            """Once is enough."""
            return isinstance(message, LogPane.Woken)

    def __init__(self, reader: Reading | None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._excerpt = Excerpt(reader or Nothing(), self._wake)
        self._body = Body(self._excerpt)
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
        """Put the bars below, so that opening one does not move the text."""
        yield Heading()
        yield self._body
        yield SearchBar()
        yield FilterBar()

    def on_mount(self) -> None:
        """Begin to ask for lines."""
        self.watch(self.lines, "window", self._tell, init=False)
        self._poll()
        self._tick()

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
        line = None if self.lines.window.following else self.lines.cursor_line
        self._excerpt.choose(wanted)
        self.lines.take_rows()
        if line is not None:
            self.lines.seek(line.id)
        self._poll()

    # Asking the store

    def _tick(self) -> None:
        """Look whether there is anything new; Textual's own timers would cost 1 % of a core."""
        self._quiet = 0 if self._excerpt.stale() else self._quiet + 1
        brisk = self._quiet < PATIENCE and self._arrived < FLOOD
        pause = POLL if brisk else SLOW_POLL
        self._ticking = asyncio.get_running_loop().call_later(pause, self._tick)
        if not self._quiet:
            self._wake()

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

    # Filter

    def action_filter(self) -> None:
        """Open the filter bar."""
        self.query_one(FilterBar).show(self._excerpt.wanted, self._choices())

    def _choices(self) -> Choices:
        reader = self._excerpt.reader
        return Choices(reader.pods(), reader.revisions())

    @on(FilterBar.Chosen)
    def _filter_chosen(self, event: FilterBar.Chosen) -> None:
        event.stop()
        self.choose(event.wanted)

    def action_clear(self) -> None:
        """Show all lines again."""
        self._choose_by_key(LogFilter())

    def action_level(self, by: int) -> None:
        """Raise or lower the least level shown."""
        wanted = self._excerpt.wanted
        at = LEVELS.index(wanted.level) + by
        self._choose_by_key(replace(wanted, level=LEVELS[max(0, min(at, len(LEVELS) - 1))]))

    def _choose_by_key(self, wanted: LogFilter) -> None:
        """Choose a filter beside the bar, which says so when it is open."""
        self.choose(wanted)
        if (bar := self.query_one(FilterBar)).display:
            bar.take(wanted, self._choices())

    # Search

    def action_search(self) -> None:
        """Open the search bar."""
        self.query_one(SearchBar).show(self._pattern)

    @on(SearchBar.Typed)
    def _light_up(self, event: SearchBar.Typed) -> None:
        event.stop()
        self._search_for(event.pattern)

    def _search_for(self, pattern: str) -> None:
        self._pattern = pattern
        self.lines.search = compiled(pattern) if pattern else None
        self.lines.restyle()
        self._tell()

    @on(SearchBar.Submitted)
    def _search(self, event: SearchBar.Submitted) -> None:
        event.stop()
        self._search_for(event.pattern)
        line = self.lines.cursor_line
        if line is not None and event.pattern:
            self._find(Quest(event.pattern, self._excerpt.wanted, line.id + 1, down=False))

    def action_find(self, way: int) -> None:
        """Go to the next match, down or up."""
        line = self.lines.cursor_line
        if not self._pattern:
            self.action_search()
        elif line is not None:
            self._find(Quest(self._pattern, self._excerpt.wanted, line.id, down=way > 0))

    def _find(self, quest: Quest) -> None:
        reader = self._excerpt.reader

        def work() -> Hit | None:
            worker = get_current_worker()
            return find(reader, quest, lambda: worker.is_cancelled)

        self.run_worker(work, group="search", thread=True, exclusive=True, exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Go to what a search found; tell what went wrong in a thread."""
        event.stop()
        if event.state is WorkerState.ERROR:
            self._tell_failure(event.worker)
        elif event.state is WorkerState.SUCCESS and event.worker.group == "search":
            self._go_to(event.worker.result)

    def _go_to(self, hit: Hit | None) -> None:
        if hit is None:
            self._notice(f"no line matches /{self._pattern}/")
            return
        if hit.went_round:
            self._notice("the search went round the end")
        self.lines.seek(hit.line)

    def _tell_failure(self, worker: Worker[Any]) -> None:
        sentence = f"the {worker.group} stopped: {worker.error}"
        if self._excerpt.walk is not None and worker.group == "walk":
            self._excerpt.walk.fault = Fault("log-walk-failed", sentence)
        self._notice(sentence)

    def _notice(self, text: str) -> None:
        self.notify(text, timeout=3, markup=False)

    # Looks, copying, leaving

    def action_follow(self) -> None:
        """Follow new lines, or hold still."""
        if self.lines.window.following:
            self.lines.hold()
        else:
            self.lines.action_end()

    def action_wrap(self) -> None:
        """Wrap long lines, or cut them at the edge."""
        self.lines.wrap = not self.lines.wrap
        self.lines.restyle()

    def action_timestamps(self) -> None:
        """Show or hide the times."""
        self.lines.timestamps = not self.lines.timestamps
        self.lines.restyle()

    def action_copy(self) -> None:
        """Copy what is selected, or else the line under the cursor."""
        text = self.lines.selected_text()
        if text is None:
            return
        self.app.copy_to_clipboard(text)
        count = text.count("\n") + 1
        self._notice("copied the line" if count == 1 else f"copied {count:,} lines")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave escape to others while there is nothing here to leave."""
        if action == "leave":
            return any((self._open_bars, self.lines.text_selection, self._pattern))
        return True

    @property
    def _open_bars(self) -> list[FilterBar | SearchBar]:
        bars = (self.query_one(FilterBar), self.query_one(SearchBar))
        return [bar for bar in bars if bar.display]

    def action_leave(self) -> None:
        """Close the bars, or else forget the selection, or else the search."""
        if bars := self._open_bars:
            for bar in bars:
                bar.action_close()
        elif self.lines.text_selection is not None:
            self.screen.clear_selection()
        else:
            self._search_for("")

    @on(FilterBar.Closed)
    @on(SearchBar.Closed)
    def _back_to_lines(self, event: Message) -> None:
        event.stop()
        self.lines.focus()

    @on(LineView.Opened)
    def _open(self, event: LineView.Opened) -> None:
        event.stop()
        self.app.push_screen(LineScreen(event.line))
