"""Git: where the checkout stands. Without git, or outside of a checkout, an empty commit."""

import asyncio
from pathlib import Path

from tui.model.changes import NO_COMMIT, Commit

PATIENCE = 5.0


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
        try:
            process = await asyncio.create_subprocess_exec(
                "git",
                "--no-optional-locks",
                "-C",
                str(self._project),
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError:
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                output, _ = await process.communicate()
        except BaseException:
            if process.returncode is None:
                process.kill()
                await process.wait()
            raise
        return output.decode(errors="replace") if process.returncode == 0 else None


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
