"""What the cockpit shows while there is nothing to look after: an invitation, or a fault."""

from pathlib import Path

from textual.content import Content

from tui.model.faults import Fault
from tui.view.present import ACCENT, MUTED, lines, plain, present_fault

NO_DRAFT_TOML = "draft-toml-missing"


def present_welcome(project: Path, fault: Fault | None) -> Content:
    """Return the first screen of a project without draft.toml, or with a broken one."""
    if fault is not None and fault.code != NO_DRAFT_TOML:
        return lines(
            [
                present_fault(fault),
                "",
                Content.styled("The cockpit goes on as soon as the file is right.", MUTED),
            ]
        )
    return lines(
        [
            Content.assemble("There is no draft.toml in ", plain(str(project), "bold")),
            "",
            Content.assemble(
                "Press ", ("c", f"bold {ACCENT}"), " to create one: redraft looks at the project,"
            ),
            "shows what it found and every file it would write, and asks before it writes.",
            "",
            Content.styled("q leaves.", MUTED),
        ]
    )
