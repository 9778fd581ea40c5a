"""Presenting a proposal of `create`: the evidence for it, and its files as diffs. Pure."""

import difflib

from textual.content import Content

from tui.model.proposals import Candidate, FilePlan, Proposal
from tui.view.present import GOOD, MUTED, WARN, lines, muted, plain, present_diff_line


def overwritten(proposal: Proposal) -> tuple[str, ...]:
    """Return the paths of files that are there and would be changed."""
    return tuple(f.path for f in proposal.files if f.existing is not None and f.differs)


def present_proposal(proposal: Proposal) -> Content:
    """Return the evidence, the notes and the files as diffs."""
    return lines(
        [
            *(row for one in proposal.candidates for row in present_candidate(one, proposal.pack)),
            *(plain(note, WARN) for note in proposal.notes),
            *(row for file in proposal.files for row in present_plan(file)),
        ]
    )


def present_candidate(candidate: Candidate, chosen: str) -> list[Content]:
    """Return a pack that fits and which file says so; all of it for the chosen one."""
    name = " ".join(filter(None, (candidate.pack, candidate.framework)))
    weight = muted(f"  weight {candidate.weight}")
    if candidate.pack != chosen:
        return [Content.assemble(("· ", MUTED), "or ", plain(name), weight)]
    head = Content.assemble(("✔ ", GOOD), plain(name, "bold"), weight)
    clues = (
        Content.assemble("  ", plain(clue.path), muted(f"  {clue.says}  +{clue.weight}"))
        for clue in candidate.clues
    )
    return [head, *clues]


def present_plan(file: FilePlan) -> list[Content]:
    """Return a file's diff from what is there to what would be."""
    if not file.differs:
        return [
            Content(""),
            Content.assemble(("= ", MUTED), plain(file.path, "bold"), muted("  as it is")),
        ]
    before = [] if file.existing is None else file.existing.splitlines()
    rows = list(difflib.unified_diff(before, file.content.splitlines(), lineterm=""))[2:]
    mark, word = ("+ ", "new") if file.existing is None else ("~ ", "differs from yours")
    head = Content.assemble((mark, MUTED), plain(file.path, "bold"), muted(f"  {word}"))
    if file.existing is None:
        rows = [row for row in rows if not row.startswith("@")]
    return [Content(""), head, *(present_diff_line(row) for row in rows)]
