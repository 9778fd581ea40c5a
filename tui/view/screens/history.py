"""The history: every release, and from there back to any of them."""

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import DataTable, Static

from tui.model.printing import printable, seconds
from tui.model.releases import Release
from tui.model.state import State
from tui.view.present import ICONS, clock, joined, lines, muted, plain
from tui.view.screens.dialog import Dialog

COLUMNS = ("", "rev", "when", "verdict", "seconds", "tag", "commit", "by", "changed")
VERDICT = COLUMNS.index("verdict")
NAMED = 2
"""Changed files named in a row; all of them are below the table."""


class HistoryScreen(Dialog[int]):
    """Lists the releases, newest first; Enter asks for a rollback to one."""

    DEFAULT_CSS = """
    HistoryScreen {
        & > .box { width: 96%; max-width: 170; }
        & DataTable {
            height: auto;
            max-height: 1fr;
            background: $surface;
            scrollbar-size-horizontal: 0;
            scrollbar-size-vertical: 1;
        }
        & #detail { height: 3; padding: 0 1; border-top: solid $foreground 15%; }
    }
    """
    TITLE_TEXT = "History"
    HINT = "enter roll back to it · ← → more columns · esc back"
    COLOURS: ClassVar[dict[str, str]] = {"ready": "text-success", "failed": "text-error"}

    def __init__(self, state: State) -> None:
        super().__init__()
        self._releases = state.releases
        self._serving = serving_of(state)

    def compose_body(self) -> ComposeResult:
        """Make the table and what there is to say of the row under the cursor."""
        yield DataTable[Text](cursor_type="row", cell_padding=1)
        yield Static(id="detail", classes="text")

    def on_mount(self) -> None:
        """Fill the table."""
        self.query_one(DataTable).add_columns(*COLUMNS)
        self._fill()

    def show(self, state: State) -> None:
        """Show what was released meanwhile; the cursor stays on the release it is on."""
        if (state.releases, serving_of(state)) == (self._releases, self._serving):
            return
        self._releases, self._serving = state.releases, serving_of(state)
        table = self.query_one(DataTable)
        chosen = table.ordered_rows[table.cursor_row].key if table.row_count else None
        table.clear()
        self._fill()
        if chosen in table.rows:
            table.move_cursor(row=table.get_row_index(chosen))

    def _fill(self) -> None:
        table = self.query_one(DataTable)
        for release in reversed(self._releases):
            cells = present_row(release, current=release.revision == self._serving)
            table.add_row(*self._coloured(release, cells), key=str(release.revision))

    def _coloured(self, release: Release, cells: Iterable[str]) -> list[Text]:
        colour = self.app.theme_variables.get(self.COLOURS.get(release.outcome, ""), "")
        return [Text(cell, colour if i == VERDICT else "") for i, cell in enumerate(cells)]

    @on(DataTable.RowHighlighted)
    def _highlighted(self, event: DataTable.RowHighlighted) -> None:
        chosen = [r for r in self._releases if str(r.revision) == event.row_key.value]
        if chosen:
            self.query_one("#detail", Static).update(present_detail(chosen[0]))

    @on(DataTable.RowSelected)
    def _selected(self, event: DataTable.RowSelected) -> None:
        self.dismiss(int(event.row_key.value or 0))


def serving_of(state: State) -> int:
    """Return the revision that answers now, 0 for none."""
    return state.rollout.serving if state.rollout else 0


def present_row(release: Release, *, current: bool) -> tuple[str, ...]:
    """Return a release's cells."""
    commit = release.commit
    stands = f"{commit.id[:7]}{'+' if commit.dirty else ''} {commit.branch}".strip()
    back = f" to {release.rollback_of}" if release.rollback_of else ""
    sign, _ = ICONS.get(release.outcome, ("·", ""))
    cells = (
        "● now" if current else "",
        str(release.revision),
        clock(release.started, "%m-%d %H:%M:%S") if release.started else "",
        f"{sign} {release.cause or release.outcome}",
        seconds(release.seconds) if release.seconds else "",
        release.image.tag[:10],
        stands or "no git",
        release.trigger + back,
        present_changed(release.changed),
    )
    return tuple(printable(cell) for cell in cells)


def present_changed(paths: tuple[str, ...]) -> str:
    """Return the changed files, as many as fit, and how many more."""
    more = f" +{len(paths) - NAMED}" if len(paths) > NAMED else ""
    return ", ".join(paths[:NAMED]) + more or "-"


def present_detail(release: Release) -> Content:
    """Return what the row has no room for."""
    who = f"{release.user}@{release.host}" if release.user else ""
    commit = " ".join(filter(None, (release.commit.id, release.commit.branch)))
    image = joined([plain(release.image.reference), muted(commit), muted(who)])
    changed = ", ".join(release.changed) or "nothing"
    return lines([image, joined([muted("changed:"), plain(changed)], " ")])
