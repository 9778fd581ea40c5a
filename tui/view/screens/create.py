"""Create: what was found, what would be written, and writing it.

The preview is made anew a moment after a field changed, in a thread, for it reads the project. Only
what the user typed himself is asked for again: a field that holds what was proposed follows the
others, so that another pack brings its own port and command. What is typed while the project is
looked at stays as it is, and is asked for next. Nothing is written that is not on the screen, and
nothing is overwritten before a question.
"""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.suggester import SuggestFromList
from textual.widgets import Button, Input, Label, Static

from tui.model.faults import Fault, FaultError
from tui.model.proposals import Backend, Proposal, Target
from tui.ports.scaffold import Scaffolder
from tui.view.present import lines, muted, present_fault
from tui.view.screens.asking import ConfirmScreen
from tui.view.screens.dialog import Dialog, scrolled
from tui.view.screens.proposing import overwritten, present_proposal

if TYPE_CHECKING:
    from textual.timer import Timer

FIELDS = ("pack", "name", "port", "command")
PLACE = ("backend", "context", "namespace", "registry")
BACKENDS: tuple[Backend, ...] = ("local", "docker", "kubernetes")
PLACEHOLDERS = {
    "backend": " or ".join(BACKENDS),
    "context": "the current one",
    "namespace": "default",
    "registry": "host/path",
}
PAUSE = 0.3
"""Seconds without typing before the preview follows."""
WIDTH = 74


class CreateScreen(Dialog[bool]):
    """Shows the proposal, lets its fields be changed, and writes it."""

    DEFAULT_CSS = """
    CreateScreen {
        & .fields { height: 2; }
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
        for row in (FIELDS, PLACE):
            with Horizontal(classes="fields"):
                for field in row:
                    with Vertical(classes=f"field -{field}"):
                        yield Label(field)
                        yield _input(field)
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
            self._show_fault(error.fault, self._values())
        else:
            self.dismiss(True)

    # The preview

    def _values(self) -> dict[str, str]:
        every = (*FIELDS, *PLACE)
        return {field: self.query_one(f"#{field}", Input).value.strip() for field in every}

    def _edited(self) -> bool:
        """Whether a field holds something else than what the preview was made of."""
        return self._values() != (self._proposed or dict.fromkeys((*FIELDS, *PLACE), ""))

    def _look(self) -> None:
        asked = self._values()
        for field, value in asked.items():
            if value != self._proposed.get(field, ""):
                self._own[field] = value
        port = self._own.get("port", "")
        if port and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
            fault = Fault("port-invalid", f"{port} is no port", remedy="1 to 65535")
            self._show_fault(fault, asked)
            return
        try:
            target = target_of(self._own)
        except FaultError as error:
            self._show_fault(error.fault, asked)
            return
        work = self._propose(asked, int(port or 0), target)
        self.run_worker(work, exclusive=True, group="propose")

    async def _propose(self, asked: dict[str, str], port: int, target: Target) -> None:
        own = self._own
        wish = (own.get("pack", ""), own.get("name", ""), port, own.get("command", ""))
        try:
            proposal = await asyncio.to_thread(self._scaffolder.propose, *wish, target)
        except FaultError as error:
            self._show_fault(error.fault, asked)
        else:
            self._show(proposal, target, asked)

    def _show(self, proposal: Proposal, target: Target, asked: dict[str, str]) -> None:
        self._proposal = proposal
        values = (proposal.pack, proposal.name, str(proposal.port or ""), proposal.command)
        place = (target.backend, target.context, target.namespace, target.registry)
        self._proposed = dict(zip((*FIELDS, *PLACE), (*values, *place), strict=True))
        for field, value in self._values().items():
            if value == asked[field] != self._proposed[field]:
                self.query_one(f"#{field}", Input).value = self._proposed[field]
        self.query_one("#preview", Static).update(present_proposal(proposal))

    def _show_fault(self, fault: Fault, asked: dict[str, str]) -> None:
        self._proposal = None
        self._proposed = asked
        preview = self.query_one("#preview", Static)
        preview.update(lines(present_fault(fault, preview.size.width or WIDTH)))


def _input(field: str) -> Input:
    """Return a field; what is begun of a backend's name is completed by the key `right`."""
    known = SuggestFromList(BACKENDS) if field == "backend" else None
    placeholder = PLACEHOLDERS.get(field, "")
    return Input(id=field, compact=True, placeholder=placeholder, suggester=known)


def target_of(typed: Mapping[str, str]) -> Target:
    """Return where the project is to run; raises FaultError for a backend there is none of."""
    named = typed.get("backend") or "local"
    backend = next((one for one in BACKENDS if one == named), None)
    if backend is None:
        known = ", ".join(BACKENDS)
        raise FaultError(Fault("backend-unknown", f"{named} is no backend", remedy=f"use {known}"))
    return Target(
        backend, typed.get("context", ""), typed.get("namespace", ""), typed.get("registry", "")
    )
