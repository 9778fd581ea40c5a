"""The changes panel: what was seen of the files and what was done with it."""

from textual.content import Content

from tui.model.printing import seconds, sparkline
from tui.model.state import SeenChange, State
from tui.view.panels.panel import Panel
from tui.view.present import ACCENT, MUTED, WARN, clock, icon, lines, plain, worded

SHOWN = 60
MARKS = {"added": "+", "modified": "~", "deleted": "-"}


class ChangesPanel(Panel):
    """Shows the changes of a state."""

    DEFAULT_CSS = """
    ChangesPanel > Static { text-wrap: nowrap; text-overflow: ellipsis; }
    """
    HELP = """
## Changes
Every file event and what became of it: *waiting*, *building*, *built*, *no change* (the content is
as it was), *superseded* by a newer save, or *ignored* and by which line of which file. At the top:
the seconds from save to ready of the last rounds.
"""

    def show(self, state: State) -> None:
        """Show a state."""
        self.present(Content("Changes"), present_changes(state))


def present_changes(state: State) -> Content:
    """Return the text of the panel."""
    rows = [present_change(row) for row in state.changes[:SHOWN]]
    if not rows:
        rows = [Content.styled("no changes seen yet: save a file", MUTED)]
    return lines([*_latency(state), *_watching(state), *rows])


def _latency(state: State) -> list[Content]:
    if not state.latencies:
        return []
    last = seconds(state.latencies[-1])
    return [
        Content.assemble(("saved → ready ", MUTED), last, " ", (sparkline(state.latencies), ACCENT))
    ]


def _watching(state: State) -> list[Content]:
    watch = state.watch
    return [plain(f"↻ {watch.reason}", WARN)] if watch.reason else []


def present_change(row: SeenChange) -> Content:
    """Return one change: time, mark, path, and what was done with it."""
    change = row.change
    head = Content.assemble(
        (clock(row.time), MUTED), " ", icon(row.result), " ", MARKS[change.kind]
    )
    result = worded(row.result) if row.result != "ignored" else Content("")
    number = f" {row.iteration}" if row.iteration and row.result == "building" else ""
    why = plain(f"ignored by {change.ignored_by}", MUTED) if change.ignored_by else Content("")
    word = Content(result.plain[2:]).stylize(MUTED) if result.plain else why
    return Content.assemble(head, plain(change.path), "  ", word, number)
