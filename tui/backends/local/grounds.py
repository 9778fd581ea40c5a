"""Grounds: everything that the decision of an `up` on this machine rests on, to be watched.

The tree, the history, draft.toml and the ignore files with whatever they are links to, and what the
recipe is read from. More than that decides how a release is run, but nothing else whether the one
that runs is this tree's.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tui.backends.newest import FOLDER
from tui.clients.files.context import Look
from tui.config.draft_toml import FILE, TASKS_FILE
from tui.config.environment import Environment
from tui.model.recipes import LocalRecipe

LookedAt = Callable[[Environment], tuple[list[Path], list[Path]]]
"""Tells what a recipe is read from: folders with the files in them, and single paths."""


class Seen(NamedTuple):
    """What a build begins with."""

    environment: Environment
    recipe: LocalRecipe
    look: Look


class Grounds(NamedTuple):
    """What has to be watched."""

    folders: list[str]
    """Folders with the files in them, and files that can be written to by another name."""
    files: list[str]
    """Files to look at when the question comes, there or not."""


def grounds(
    project: Path, state: Path, seen: Seen, looked_at: tuple[list[Path], list[Path]]
) -> Grounds:
    """Return what a build is decided by. Blocking."""
    folders, files = looked_at
    project, history = project.resolve(), state.resolve() / FOLDER
    ignoring = (".dockerignore", f"{seen.environment.dockerfile}.dockerignore")
    settings = (project / name for name in (FILE, TASKS_FILE, *ignoring))
    context = [f"{project}/{path}".rstrip("/") for path in (*seen.look.folders, *seen.look.linked)]
    return Grounds(
        sorted({*context, str(history), *map(str, folders)}),
        [str(path) for path in (*files, history, *settings)],
    )
