"""Git: where the checkout stands. Without git, or outside of a checkout, an empty commit."""

from pathlib import Path

from tui.clients.programs import ask_program
from tui.model.changes import NO_COMMIT, Commit

PATIENCE = 5.0
"""Seconds git may take; then it is done without."""


class Git:
    """Asks `git` about one project; implements `tui.ports.watching.Repository`."""

    def __init__(self, project: Path) -> None:
        self._project = project

    async def commit(self) -> Commit:
        """Return the commit checked out, its branch, and whether tracked files differ from it."""
        status = await self._ask("status", "--porcelain=v2", "--branch", "--untracked-files=no")
        return NO_COMMIT if status is None else parse_status(status)

    async def _ask(self, *arguments: str) -> str | None:
        """Return git's answer, None where it has none."""
        argv = ("git", "--no-optional-locks", "-C", str(self._project), *arguments)
        try:
            answer = await ask_program(argv, patience=PATIENCE)
        except OSError:  # there is no git, or it takes too long: TimeoutError is one
            return None
        return None if answer.code else answer.stdout


def parse_status(text: str) -> Commit:
    """Read `git status --porcelain=v2 --branch`; an unborn branch has no commit yet."""
    commit, branch, dirty = "", "", False
    for line in text.splitlines():
        if line.startswith("# branch.oid "):
            commit = line.removeprefix("# branch.oid ").replace("(initial)", "")
        elif line.startswith("# branch.head "):
            branch = line.removeprefix("# branch.head ").replace("(detached)", "")
        elif not line.startswith("#"):
            dirty = True
    return Commit(commit, branch, dirty)
