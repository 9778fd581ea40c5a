"""The rollback's confirmation: what going back changes, as a diff of files and settings."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from tui.model.faults import FaultError
from tui.model.images import FileDifference, ReleaseDifference
from tui.model.releases import Release
from tui.view.present import ACCENT, BAD, GOOD, MUTED, lines, plain, present_fault
from tui.view.screens.dialog import Dialog, scrolled

Compare = Callable[[int, int], Awaitable[ReleaseDifference]]
STYLES = {"+": GOOD, "-": BAD, "@": ACCENT}
LONGEST = 400
"""Lines of one file's diff that are shown."""


class RollbackScreen(Dialog[int]):
    """Shows what a rollback changes; Enter does it."""

    HINT = "enter roll back · esc back"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "roll_back", "Roll back", id="rollback.confirm", priority=True)
    ]

    def __init__(self, present: Release, target: Release, compare: Compare) -> None:
        super().__init__()
        self.TITLE_TEXT = f"Roll back from revision {present.revision} to {target.revision}"
        self._present = present
        self._target = target
        self._compare = compare

    def compose_body(self) -> ComposeResult:
        """Show the releases at once and the difference as soon as it is known."""
        yield Static(present_target(self._target), classes="text")
        yield scrolled(Content.styled("comparing …", MUTED), id="difference")

    def on_mount(self) -> None:
        """Begin to compare."""
        self.run_worker(self._show_difference(), exit_on_error=False)

    async def _show_difference(self) -> None:
        try:
            difference = await self._compare(self._present.revision, self._target.revision)
            text = present_difference(difference)
        except FaultError as error:
            text = present_fault(error.fault)
        self.query_one("#difference", Static).update(text)

    def action_roll_back(self) -> None:
        """Do it."""
        self.dismiss(self._target.revision)


def present_target(target: Release) -> Content:
    """Return what is known of the release to go back to."""
    commit = f"{target.commit.id[:9]} {target.commit.branch}".strip() or "no commit known"
    return lines([plain(f"{target.image.reference}  {commit}", MUTED), ""])


def present_difference(difference: ReleaseDifference) -> Content:
    """Return settings and files that differ."""
    if not difference.files and not difference.settings:
        return Content.styled("nothing differs but the revision's number", MUTED)
    settings = [
        Content.assemble(
            plain(f"{one.key}: "), plain(one.old or "unset", BAD), " → ", plain(one.new, GOOD)
        )
        for one in difference.settings
    ]
    return lines([*settings, *(line for file in difference.files for line in _file(file))])


def _file(file: FileDifference) -> list[Content]:
    head = Content.assemble(plain(file.path, "bold"), (f"  {file.kind}", MUTED))
    rows = file.diff.split("\n")[2:] if file.diff else ["binary or too large to compare"]
    shown = [plain(row, STYLES.get(row[:1], MUTED)) for row in rows[:LONGEST]]
    more = len(rows) - LONGEST
    return [head, *shown, *([Content.styled(f"… {more} more lines", MUTED)] if more > 0 else [])]
