"""The rollback's confirmation: what going back changes, as a diff of files and settings."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Static

from tui.model.faults import FaultError
from tui.model.images import FileDifference, ReleaseDifference, SettingDifference
from tui.model.releases import Release, present_synced
from tui.model.state import State
from tui.view.present import (
    BAD,
    GOOD,
    MUTED,
    WARN,
    joined,
    lines,
    muted,
    plain,
    present_diff_line,
    present_fault,
)
from tui.view.screens.dialog import Dialog, scrolled

Compare = Callable[[int, int], Awaitable[ReleaseDifference]]
LONGEST = 400
"""Lines of one file's diff that are shown."""
WIDTH = 74


class RollbackScreen(Dialog[int]):
    """Shows what a rollback changes; Enter does it."""

    DEFAULT_CSS = """
    RollbackScreen .scrolled { border-top: solid $foreground 15%; }
    RollbackScreen .buttons { margin-top: 1; }
    """
    TALL = True
    HINT = "enter roll back · ↑ ↓ scroll · esc back"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "roll_back", "Roll back", id="rollback.confirm"),
        Binding("n", "dismiss", "Back", id="rollback.no"),
    ]

    def __init__(self, present: Release, target: Release, compare: Compare) -> None:
        super().__init__()
        self.TITLE_TEXT = present_title(present, target)
        self._present = present
        self._target = target
        self._compare = compare

    def compose_body(self) -> ComposeResult:
        """Show the release at once and the difference as soon as it is known."""
        yield Static(present_target(self._target), classes="text")
        if self._present.synced:
            yield Static(plain(present_synced(self._present), WARN), classes="text")
        yield scrolled(muted("comparing …"), id="difference")
        with Horizontal(classes="buttons"):
            yield Button("Roll back", variant="warning", id="yes", compact=True)
            yield Button("Back", id="no", compact=True)

    def on_mount(self) -> None:
        """Begin to compare."""
        self.run_worker(self._show_difference(), exclusive=True)

    def show(self, state: State) -> None:
        """Compare anew when there is a newer release than the one that was compared."""
        if state.releases and state.releases[-1].revision != self._present.revision:
            self._present = state.releases[-1]
            self.entitle(present_title(self._present, self._target))
            self.run_worker(self._show_difference(), exclusive=True)

    async def _show_difference(self) -> None:
        try:
            difference = await self._compare(self._present.revision, self._target.revision)
            text = present_difference(difference)
        except FaultError as error:
            text = lines(present_fault(error.fault, WIDTH))
        self.query_one("#difference", Static).update(text)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(self._target.revision if event.button.id == "yes" else None)

    def action_roll_back(self) -> None:
        """Do it."""
        self.dismiss(self._target.revision)


def present_title(present: Release, target: Release) -> str:
    """Return where it goes from and where to."""
    return f"Roll back from revision {present.revision} to {target.revision}"


def present_target(target: Release) -> Content:
    """Return what is known of the release to go back to."""
    commit = f"{target.commit.id[:9]} {target.commit.branch}".strip() or "no commit known"
    return joined([plain(target.image.reference), muted(commit)])


def present_difference(difference: ReleaseDifference) -> Content:
    """Return settings and files that differ."""
    if not difference.files and not difference.settings:
        return muted("nothing differs but the revision's number")
    settings = [present_setting(one) for one in difference.settings]
    files = [row for file in difference.files for row in present_file(file)]
    return lines([Content.styled("settings", "bold"), *settings, *files] if settings else files[1:])


def present_setting(one: SettingDifference) -> Content:
    """Return a setting before and after."""
    before, after = plain(one.old or "not set", BAD), plain(one.new or "not set", GOOD)
    return Content.assemble("  ", plain(one.key), "  ", before, (" → ", MUTED), after)


def present_file(file: FileDifference) -> list[Content]:
    """Return a file's diff behind an empty line."""
    rows = file.rows
    counts = "".join(
        f"  {sign}{count}" for sign in "+-" if (count := sum(r.startswith(sign) for r in rows))
    )
    head = Content.assemble(
        (f"{file.mark} ", MUTED), plain(file.path, "bold"), muted(f"  {file.kind}{counts}")
    )
    shown = [present_diff_line(row) for row in rows[:LONGEST]]
    more = len(rows) - LONGEST
    tail = [muted(f"… {more} more lines")] if more > 0 else []
    if not rows:
        tail = [muted("  binary or too large to compare")]
    return [Content(""), head, *shown, *tail]
