"""Git: where the checkout stands. Without git, or outside of a checkout, an empty commit."""

from pathlib import Path

from tui.clients.programs import Answer, ask_program
from tui.model.changes import NO_COMMIT, Commit

PATIENCE = 5.0
"""Seconds git may take; then it is done without."""
MOVED_WITH_HEAD = ("HEAD", "logs/HEAD", "reftable/tables.list")
"""Files of a git folder of which one is written whenever HEAD moves or is to be another branch.

See gitrepository-layout(5).
"""
Times = tuple[tuple[int, int], ...]


class Git:
    """Asks `git` about one project; implements `tui.ports.watching.Repository`."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self._parents = project.resolve().parents
        self._folder = ""
        self._known: tuple[Times, Commit] | None = None

    async def commit(self) -> Commit:
        """Return the commit checked out, its branch, and whether tracked files differ from it."""
        if not (self._folder and _changed_at(Path(self._folder))[0]):
            self._folder = (await self._ask("rev-parse", "--absolute-git-dir") or "").rstrip("\n")
        times, commit = self._times(), NO_COMMIT
        if self._folder:
            status = await self._ask("status", "--porcelain=v2", "--branch", "--untracked-files=no")
            commit = NO_COMMIT if status is None else parse_status(status)
        self._known = times, commit
        return commit

    def unmoved(self) -> Commit | None:
        """Return what was told last where HEAD has not moved since; asks no one."""
        if self._known is None:
            return None
        times, commit = self._known
        return commit if times == self._times() else None

    async def refusal(self) -> str:
        """Return git's own words where it refuses a checkout that is there; else nothing."""
        if not any(_changed_at(above / ".git")[0] for above in (self._project, *self._parents)):
            return ""
        answer = await self._answer("rev-parse", "--absolute-git-dir")
        return answer.stderr.strip() if answer is not None and answer.code else ""

    def _times(self) -> Times:
        """Look at what tells of a move: without a checkout, that there is one now."""
        if self._folder:
            return tuple(_changed_at(Path(self._folder, name)) for name in MOVED_WITH_HEAD)
        return tuple(_changed_at(above / ".git") for above in (self._project, *self._parents))

    async def _ask(self, *arguments: str) -> str | None:
        """Return what git says, None where it refuses."""
        answer = await self._answer(*arguments)
        return None if answer is None or answer.code else answer.stdout

    async def _answer(self, *arguments: str) -> Answer | None:
        argv = ("git", "--no-optional-locks", "-C", str(self._project), *arguments)
        try:
            return await ask_program(argv, patience=PATIENCE)
        except OSError:  # there is no git, or it takes too long: TimeoutError is one
            return None


def _changed_at(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_ino, found.st_ctime_ns


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
