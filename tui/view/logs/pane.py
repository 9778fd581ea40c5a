"""The log pane: the feed with its keys, the filter bar and the search bar.

What is filtered is the feed's; a search runs in a thread here, is told to stop by a flag and never
waited for, and what an abandoned one finds is dropped.
"""

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.worker import Worker, WorkerState, get_current_worker

from tui.model.loglines import LogFilter
from tui.view.logs.detail import LineScreen
from tui.view.logs.feed import Feed
from tui.view.logs.filter_bar import LEVELS, Choices, FilterBar
from tui.view.logs.histogram.scale import present_span
from tui.view.logs.keys import HELP, PANE_KEYS
from tui.view.logs.lines import LineView
from tui.view.logs.search import Hit, Quest, compiled, find
from tui.view.logs.search_bar import SearchBar


class LogPane(Feed):
    """Filters, searches, and moves about in the lines."""

    HELP = HELP
    ALLOW_MAXIMIZE = True
    DEFAULT_CSS = """
    LogPane { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*PANE_KEYS]

    def compose(self) -> ComposeResult:
        """Put the bars below, so that opening one does not move the text."""
        yield from super().compose()
        yield SearchBar()
        yield FilterBar()

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
        """Go to what a search found; Textual hands the event to the feed as well."""
        if event.worker.group != "search":
            return
        if event.state is WorkerState.ERROR:
            self._notice(f"the search stopped: {event.worker.error}")
        elif event.state is WorkerState.SUCCESS:
            self._go_to(event.worker.result)

    def _go_to(self, hit: Hit | None) -> None:
        if hit is None:
            self._notice(f"no line matches /{self._pattern}/")
            return
        if hit.went_round:
            self._notice("the search went round the end")
        self.lines.seek(hit.line)

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

    def action_span(self, by: int) -> None:
        """Have the histogram show a longer span of time, or a shorter one."""
        self._notice(f"histogram: {present_span(self._histogram.show_longer(by))}")

    def action_timestamps(self) -> None:
        """Show or hide the times."""
        self.lines.timestamps = not self.lines.timestamps
        self.lines.restyle()

    def action_copy(self) -> None:
        """Copy what is selected, or else the line under the cursor."""
        text = self.lines.copied_text()
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
