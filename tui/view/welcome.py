"""What the cockpit shows while there is nothing to look after: an invitation, or a fault."""

import asyncio
from pathlib import Path

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.model.faults import Fault, FaultError
from tui.model.proposals import Proposal
from tui.view.present import ACCENT, GOOD, MUTED, WARN, lines, muted, plain, present_fault
from tui.view.session import Session

NO_DRAFT_TOML = "draft-toml-missing"
WIDTH = 70
"""Cells a fault is wrapped at; the widget wraps again where there are fewer."""


class Welcome(VerticalScroll):
    """Shows why there is nothing to look after, and what to do."""

    DEFAULT_CSS = """
    Welcome {
        height: 1fr;
        align: center middle;
        & > Static {
            width: auto;
            max-width: 96%;
            height: auto;
            padding: 1 3;
            border: round $primary;
        }
    }
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def compose(self) -> ComposeResult:
        """Show what is known at once."""
        yield Static(present_welcome(self._session.project, self._session.fault))

    def on_mount(self) -> None:
        """Look at the project, where that is what the user wonders about."""
        fault = self._session.fault
        if fault is None or fault.code == NO_DRAFT_TOML:
            self._look()

    @work
    async def _look(self) -> None:
        if self._session.scaffolder is None:
            return
        try:
            found = present_found(await asyncio.to_thread(self._session.scaffolder.propose))
        except FaultError as error:
            found = present_unsure(error.fault)
        invitation = present_welcome(self._session.project, self._session.fault)
        self.query_one(Static).update(lines([invitation, "", found]))


def present_welcome(project: Path, fault: Fault | None) -> Content:
    """Return the first screen of a project without draft.toml, or with a broken one."""
    if fault is not None and fault.code != NO_DRAFT_TOML:
        after = muted("The cockpit opens as soon as the file is right: correct it and save.")
        return lines([*present_fault(fault, WIDTH), "", after])
    return lines(
        [
            Content.styled("Nothing to run here yet", "bold"),
            Content.assemble(("There is no draft.toml in ", MUTED), plain(str(project))),
            "",
            Content.assemble(
                "Press ", ("c", f"bold {ACCENT}"), " to create one. You see every file before it is"
            ),
            "written, and nothing that is there is overwritten.",
        ]
    )


def present_found(proposal: Proposal) -> Content:
    """Return what was found in the project."""
    what = " ".join(filter(None, (proposal.pack, proposal.framework)))
    chosen = next((c for c in proposal.candidates if c.pack == proposal.pack), None)
    clues = chosen.clues if chosen else ()
    return lines(
        [
            Content.assemble(("✔ ", GOOD), "This looks like ", plain(what, "bold"), ":"),
            *(Content.assemble("  ", plain(c.path), "  ", muted(c.says)) for c in clues),
        ]
    )


def present_unsure(fault: Fault) -> Content:
    """Return why it is not clear what the project is."""
    return lines(
        [plain(f"? {fault.sentence}", WARN), *([muted(f"  → {fault.remedy}")] * bool(fault.remedy))]
    )
