"""The history: every release, and from there back to any of them."""

from datetime import datetime

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.widgets import DataTable

from tui.model.printing import printable, seconds
from tui.model.releases import Release
from tui.view.present import ICONS
from tui.view.screens.dialog import Dialog

COLUMNS = ("", "rev", "when", "tag", "commit", "trigger", "changed", "seconds", "verdict")
PATHS = 3


class HistoryScreen(Dialog[int]):
    """Lists the releases, newest first; Enter asks for a rollback to one."""

    DEFAULT_CSS = """
    HistoryScreen DataTable { height: auto; max-height: 1fr; background: $surface; }
    HistoryScreen > .box { width: 96%; max-width: 160; }
    """
    TITLE_TEXT = "History"
    HINT = "enter roll back to it · esc back"

    def __init__(self, releases: tuple[Release, ...], serving: int) -> None:
        super().__init__()
        self._releases = releases
        self._serving = serving

    def compose_body(self) -> ComposeResult:
        """Make the table."""
        table: DataTable[Text] = DataTable(cursor_type="row", zebra_stripes=True)
        table.add_columns(*COLUMNS)
        for release in reversed(self._releases):
            cells = present_row(release, release.revision == self._serving)
            table.add_row(*(Text(cell) for cell in cells), key=str(release.revision))
        yield table

    @on(DataTable.RowSelected)
    def _selected(self, event: DataTable.RowSelected) -> None:
        self.dismiss(int(event.row_key.value or 0))


def present_row(release: Release, current: bool) -> tuple[str, ...]:
    """Return a release's cells."""
    commit = release.commit
    when = datetime.fromtimestamp(release.started).astimezone()
    stands = f"{commit.id[:8]}{'+' if commit.dirty else ''} {commit.branch}".strip()
    back = f" = revision {release.rollback_of}" if release.rollback_of else ""
    sign, _ = ICONS.get(release.outcome, ("·", ""))
    return (
        "●" if current else " ",
        str(release.revision),
        when.strftime("%m-%d %H:%M:%S"),
        release.image.tag[:12],
        printable(stands) or "no git",
        release.trigger + back,
        present_changed(release.changed),
        seconds(release.seconds),
        f"{sign} {release.outcome}{f': {release.cause}' if release.cause else ''}",
    )


def present_changed(paths: tuple[str, ...]) -> str:
    """Return the changed files, as many as fit, and how many more."""
    more = f" +{len(paths) - PATHS}" if len(paths) > PATHS else ""
    return ", ".join(printable(path) for path in paths[:PATHS]) + more or "-"
