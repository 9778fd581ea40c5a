"""Revisions: the folder that a revision runs in, a fresh copy of its snapshot."""

import os
import shutil
from pathlib import Path

from tui.backends.local.placeholders import Folders
from tui.clients.disk import disk_faults
from tui.clients.files.snapshots import Snapshots
from tui.model.recipes import LocalRecipe
from tui.supervisor.places import environment_id
from tui.supervisor.strays import end_strays


class Revisions:
    """The working folders, one a revision, shared by its replicas. Blocking."""

    def __init__(self, state: Path, snapshots: Snapshots) -> None:
        self._folder = state / "revisions"
        self._snapshots = snapshots
        self.marker = f"build/{environment_id(state)}/"
        """Begins the marker of every process of a step that runs in a revision's folder."""

    def folder(self, revision: int) -> Path:
        """Return where the revision runs."""
        return self._folder / str(revision)

    def touched(self, revision: int) -> int:
        """Return when the folder itself was changed last, in nanoseconds; 0 without one.

        Making it anew changes it, whoever does that.
        """
        try:
            return self.folder(revision).stat().st_ctime_ns
        except FileNotFoundError:
            return 0

    def make(self, revision: int, tag: str, recipe: LocalRecipe, folders: Folders) -> None:
        """Copy the snapshot and make the recipe's links, in place of what was there before.

        A step of a redraft that died in it may go on there: it is ended first. Raises FaultError.
        """
        with disk_faults("making the revision's folder", self.folder(revision)):
            if recipe.app_steps and folders.app.exists():
                end_strays(self.marker, patience=0.0)
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._snapshots.materialise(tag, folders.app)
            for link, target in recipe.links:
                _link(folders.app / link, folders.fill(target))

    def remove_all_but(self, keep: set[int], below: int) -> None:
        """Remove the folders of revisions below a number that are not to be kept."""
        if not self._folder.exists():
            return
        for folder in self._folder.iterdir():
            number = int(folder.name) if folder.name.isdecimal() else 0
            if number < below and number not in keep:
                shutil.rmtree(folder, ignore_errors=True)

    def size(self) -> int:
        """Return the bytes they take."""
        return tree_size(self._folder)


def tree_size(folder: Path) -> int:
    """Return the bytes that a folder's files take on disk; 0 when there is no folder."""
    total, waiting = 0, [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    total += entry.stat(follow_symlinks=False).st_size
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry))
        except (FileNotFoundError, PermissionError):  # removed meanwhile, or the app's own secret
            continue
    return total


def _link(link: Path, target: str) -> None:
    if link.exists() or link.is_symlink():
        return
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(target)
