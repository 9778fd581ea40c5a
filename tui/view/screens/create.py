"""Create: what was found, what would be written, and writing it.

The preview is made anew a moment after a field changed, in a thread, for it reads the project. Only
what the user typed himself is asked for again: a field that holds what was proposed follows the
others, so that another pack brings its own port and command. Nothing is written that is not on the
screen, and nothing is overwritten before a question.
"""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Label, Static

from tui.model.faults import Fault, FaultError
from tui.model.proposals import Proposal
from tui.ports.scaffold import Scaffolder
from tui.view.present import lines, muted, present_fault
from tui.view.screens.asking import ConfirmScreen
from tui.view.screens.dialog import Dialog, scrolled
from tui.view.screens.proposing import overwritten, present_proposal

if TYPE_CHECKING:
    from textual.timer import Timer

FIELDS = ("pack", "name", "port", "command")
PAUSE = 0.3
"""Seconds without typing before the preview follows."""
WIDTH = 74


class CreateScreen(Dialog[bool]):
    """Shows the proposal, lets its fields be changed, and writes it."""

    DEFAULT_CSS = """
    CreateScreen {
        & .fields { height: 2; margin-bottom: 1; }
        & .field { width: 1fr; height: 2; margin-right: 2; }
        & .field.-command { width: 3fr; margin-right: 0; }
        & Label { color: $text-muted; }
        & Input { background: $foreground 8%; }
        & Input:focus { background: $primary 25%; }
        & .scrolled { border-top: solid $foreground 15%; }
        & .buttons { margin-top: 1; }
    }
    """
    TALL = True
    TITLE_TEXT = "Create"
    HINT = "tab fields · ctrl+s write · esc cancel"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "write", "Write", id="create.write", priority=True),
    ]

    def __init__(self, scaffolder: Scaffolder) -> None:
        super().__init__()
        self._scaffolder = scaffolder
        self._proposal: Proposal | None = None
        self._proposed: dict[str, str] = {}
        self._own: dict[str, str] = {}
        self._pause: Timer | None = None

    def compose_body(self) -> ComposeResult:
        """Make the fields, the preview and the answers."""
        with Horizontal(classes="fields"):
            for field in FIELDS:
                with Vertical(classes=f"field -{field}"):
                    yield Label(field)
                    yield Input(id=field, compact=True)
        yield scrolled(muted("looking at the project …"), id="preview")
        with Horizontal(classes="buttons"):
            yield Button("Write", variant="primary", id="write", compact=True)
            yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Look at the project."""
        self._look()

    @on(Input.Changed)
    def _typed(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        if self._edited():
            self._pause = self.set_timer(PAUSE, self._look)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "write":
            self.action_write()
        else:
            self.dismiss(None)

    def action_write(self) -> None:
        """Write what is shown; ask first where files that differ are there."""
        if self._edited():
            self._look()
            self.notify("the preview follows what you typed: look at it first", markup=False)
        elif self._proposal is not None:
            self._ask_and_write(self._proposal)

    def _ask_and_write(self, proposal: Proposal) -> None:
        paths = overwritten(proposal)
        if not paths:
            self._write(proposal, force=False)
            return
        question = f"These are there and differ: {', '.join(paths)}. What is in them will be lost."
        screen = ConfirmScreen("Overwrite", question, "overwrite")
        self.app.push_screen(screen, lambda yes: self._write(proposal, force=True) if yes else None)

    def _write(self, proposal: Proposal, *, force: bool) -> None:
        self.run_worker(self._written(proposal, force), exclusive=True, group="write")

    async def _written(self, proposal: Proposal, force: bool) -> None:
        try:
            await asyncio.to_thread(self._scaffolder.write, proposal, force)
        except FaultError as error:
            self._show_fault(error.fault)
        else:
            self.dismiss(True)

    # The preview

    def _values(self) -> dict[str, str]:
        return {field: self.query_one(f"#{field}", Input).value.strip() for field in FIELDS}

    def _edited(self) -> bool:
        """Whether a field holds something else than what the preview was made of."""
        return self._values() != (self._proposed or dict.fromkeys(FIELDS, ""))

    def _look(self) -> None:
        for field, value in self._values().items():
            if value != self._proposed.get(field, ""):
                self._own[field] = value
        port = self._own.get("port", "")
        if port and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
            self._show_fault(Fault("port-invalid", f"{port} is no port", remedy="1 to 65535"))
        else:
            self.run_worker(self._propose(int(port or 0)), exclusive=True, group="propose")

    async def _propose(self, port: int) -> None:
        own = self._own
        asked = (own.get("pack", ""), own.get("name", ""), port, own.get("command", ""))
        try:
            proposal = await asyncio.to_thread(self._scaffolder.propose, *asked)
        except FaultError as error:
            self._show_fault(error.fault)
        else:
            self._show(proposal)

    def _show(self, proposal: Proposal) -> None:
        self._proposal = proposal
        values = (proposal.pack, proposal.name, str(proposal.port or ""), proposal.command)
        self._proposed = dict(zip(FIELDS, values, strict=True))
        for field, value in self._proposed.items():
            self.query_one(f"#{field}", Input).value = value
        self.query_one("#preview", Static).update(present_proposal(proposal))

    def _show_fault(self, fault: Fault) -> None:
        self._proposal = None
        self._proposed = self._values()
        preview = self.query_one("#preview", Static)
        preview.update(lines(present_fault(fault, preview.size.width or WIDTH)))
