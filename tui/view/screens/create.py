"""Create: what was found, what would be written, and writing it."""

import asyncio
import difflib
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from tui.model.faults import FaultError
from tui.model.proposals import Candidate, FilePlan, Proposal
from tui.ports.scaffold import Scaffolder
from tui.view.present import ACCENT, BAD, GOOD, MUTED, WARN, lines, plain, present_fault
from tui.view.screens.dialog import Dialog, scrolled

FIELDS = ("pack", "name", "port", "command")
STYLES = {"+": GOOD, "-": BAD, "@": ACCENT}


class CreateScreen(Dialog[bool]):
    """Shows the proposal, lets its fields be changed, and writes it."""

    DEFAULT_CSS = """
    CreateScreen .fields { height: 3; }
    CreateScreen Input { width: 1fr; border: tall $surface-lighten-2; }
    CreateScreen Input:focus { border: tall $primary; }
    CreateScreen Input#command { width: 2fr; }
    """
    TITLE_TEXT = "Create"
    HINT = "ctrl+s write · ctrl+o overwrite what differs · enter look again · esc back"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "write(False)", "Write", id="create.write", priority=True),
        Binding("ctrl+o", "write(True)", "Overwrite", id="create.force", priority=True),
    ]

    def __init__(self, scaffolder: Scaffolder) -> None:
        super().__init__()
        self._scaffolder = scaffolder
        self._proposal: Proposal | None = None

    def compose_body(self) -> ComposeResult:
        """Make the fields and the preview."""
        with Horizontal(classes="fields"):
            for field in FIELDS:
                one = Input(placeholder=field, id=field, compact=False)
                one.border_title = field
                yield one
        yield scrolled(Content.styled("looking at the project …", MUTED), id="preview")

    def on_mount(self) -> None:
        """Look at the project."""
        self._look()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._look()

    def action_write(self, force: bool) -> None:
        """Write the scaffold, over files that differ when forced."""
        self.run_worker(self._write(force), exclusive=True, group="write", exit_on_error=False)

    def _look(self) -> None:
        self.run_worker(self._propose(), exclusive=True, group="propose", exit_on_error=False)

    def _field(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    async def _propose(self) -> None:
        port = self._field("port")
        try:
            self._proposal = await asyncio.to_thread(
                self._scaffolder.propose,
                self._field("pack"),
                self._field("name"),
                int(port) if port.isdigit() else 0,
                self._field("command"),
            )
        except FaultError as error:
            self._proposal = None
            self._show(present_fault(error.fault))
            return
        self._fill(self._proposal)
        self._show(present_proposal(self._proposal))

    def _fill(self, proposal: Proposal) -> None:
        values = (proposal.pack, proposal.name, str(proposal.port or ""), proposal.command)
        for field, value in zip(FIELDS, values, strict=True):
            self.query_one(f"#{field}", Input).value = value

    async def _write(self, force: bool) -> None:
        if self._proposal is None:
            return
        try:
            await asyncio.to_thread(self._scaffolder.write, self._proposal, force)
        except FaultError as error:
            self._show(present_fault(error.fault))
            return
        self.dismiss(True)

    def _show(self, text: Content) -> None:
        self.query_one("#preview", Static).update(text)


def present_proposal(proposal: Proposal) -> Content:
    """Return the evidence, the notes and the files as diffs."""
    return lines(
        [
            *(line for candidate in proposal.candidates for line in _candidate(candidate)),
            *(plain(note, WARN) for note in proposal.notes),
            *(line for file in proposal.files for line in present_plan(file)),
        ]
    )


def _candidate(candidate: Candidate) -> list[Content]:
    name = " ".join(filter(None, (candidate.pack, candidate.framework)))
    head = Content.assemble(plain(name, "bold"), (f"  weight {candidate.weight}", MUTED))
    return [
        head,
        *(plain(f"  {clue.path} {clue.says} (+{clue.weight})", MUTED) for clue in candidate.clues),
    ]


def present_plan(file: FilePlan) -> list[Content]:
    """Return a file's diff from what is there to what would be."""
    if not file.differs:
        return [plain(f"= {file.path} stays as it is", MUTED)]
    before = [] if file.existing is None else file.existing.splitlines()
    diff = difflib.unified_diff(before, file.content.splitlines(), lineterm="")
    word = "new" if file.existing is None else "differs from the one that is there"
    rows = [row for row in diff if not row.startswith(("---", "+++"))]
    return [
        Content.assemble(plain(file.path, "bold"), (f"  {word}", MUTED)),
        *(plain(row, STYLES.get(row[:1], MUTED)) for row in rows),
    ]
