"""The deletion's confirmation: what goes, and whether the history that is kept there goes too."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Static

from tui.model.commands import Delete
from tui.model.faults import FaultError
from tui.model.state import State
from tui.view.present import lines, muted, plain, present_fault
from tui.view.screens.dialog import Dialog, scrolled

Belongings = Callable[[], Awaitable[tuple[str, ...]]]
WIDTH = 70


class DeleteScreen(Dialog[Delete]):
    """Shows what a deletion removes; the harmless answer has the focus."""

    DEFAULT_CSS = """
    DeleteScreen > .box { max-width: 90; }
    DeleteScreen .scrolled { max-height: 50vh; }
    DeleteScreen .buttons { margin-top: 1; }
    """
    TITLE_TEXT = "Delete"
    AUTO_FOCUS = "#no"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer('yes')", "Yes", id="delete.yes"),
        Binding("p", "answer('purge')", "Yes, and purge the history", id="delete.purge"),
        Binding("n", "dismiss", "No", id="delete.no"),
    ]

    def __init__(self, state: State, belongings: Belongings) -> None:
        super().__init__()
        self._state = state
        self._belongings = belongings
        self._purges = "purge" in state.capabilities
        self.HINT = (
            "y yes, keep the history · p purge it · n no" if self._purges else "y yes · n no"
        )

    def compose_body(self) -> ComposeResult:
        """Show what is to go as soon as it is known, and the answers."""
        yield Static(plain(present_question(self._state)), classes="text")
        yield scrolled(muted("  looking what there is …"), id="belongings")
        yield Static(muted(present_kept(purges=self._purges)), classes="text")
        with Horizontal(classes="buttons"):
            yield Button("No", id="no", compact=True)
            if self._purges:
                yield Button("Yes, keep the history", variant="error", id="yes", compact=True)
                yield Button("Yes, purge it too", variant="error", id="purge", compact=True)
            else:
                yield Button("Yes, delete it all", variant="error", id="yes", compact=True)

    def on_mount(self) -> None:
        """Begin to look."""
        self.run_worker(self._show_belongings())

    async def _show_belongings(self) -> None:
        try:
            text = present_belongings(await self._belongings())
        except FaultError as error:
            text = lines(present_fault(error.fault, WIDTH))
        self.query_one("#belongings", Static).update(text)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.action_answer(event.button.id or "")

    def action_answer(self, answer: str) -> None:
        """Answer by a key; a backend that keeps no history has none to purge."""
        if answer == "yes":
            self.dismiss(Delete())
        elif answer == "purge" and self._purges:
            self.dismiss(Delete(purge=True))
        elif answer == "no":
            self.dismiss(None)


def present_question(state: State) -> str:
    """Return what is about to be deleted."""
    place = " / ".join(filter(None, (state.context, state.namespace)))
    return f"This stops {state.name} ({state.environment}) on {place} and removes:"


def present_belongings(belongings: tuple[str, ...]) -> Content:
    """Return what goes, a line each."""
    if not belongings:
        return muted("  nothing of it runs; what is kept of it is removed")
    return lines([plain(f"  {line}") for line in belongings])


def present_kept(*, purges: bool) -> str:
    """Return what stays."""
    if not purges:
        return "Your project's files stay."
    return (
        "Logs stored on this machine go too. Your project's files stay, and the history in the "
        "cluster unless it is purged."
    )
