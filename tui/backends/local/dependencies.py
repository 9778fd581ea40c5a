"""Dependencies: installed once for each set of manifests, shared by all revisions that need it.

A folder is built where it will stay, since virtual environments cannot be moved; it counts only
with its `complete` mark, which is written last. What lacks the mark is removed: at once when an
install fails or is cancelled, before the next install when redraft died in it. Then what it ran
may go on: that is ended first.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path

from tui.clients.disk import disk_faults
from tui.clients.files.manifest import Manifest
from tui.clients.files.snapshots import Snapshots
from tui.model.recipes import LocalRecipe
from tui.supervisor.places import environment_id
from tui.supervisor.strays import end_strays

MARK = ".redraft-complete"


class Dependencies:
    """The dependency folders of an environment."""

    def __init__(self, state: Path, snapshots: Snapshots) -> None:
        self._folder = state / "dependencies"
        self._snapshots = snapshots
        self.marker = f"install/{environment_id(state)}/"
        """Begins the marker of every process of an install."""

    def folder(self, key: str) -> Path:
        """Return where the dependencies with this key are or would be."""
        return self._folder / (key or "none")

    def complete(self, key: str) -> bool:
        """Whether they are installed."""
        return (self.folder(key) / MARK).exists()

    def begin(self, key: str, recipe: LocalRecipe, tag: str) -> Path:
        """Make an empty folder with a snapshot's manifests in it, as steps find it. Blocking.

        Raises FaultError.
        """
        folder, manifest = self.folder(key), self._snapshots.manifest(tag)
        with disk_faults("making room for dependencies", folder):
            if folder.exists():
                end_strays(self.marker, patience=0.0)
                shutil.rmtree(folder)
            folder.mkdir(mode=0o700, parents=True)
            for path, sha256 in _manifests(recipe, manifest):
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(self._snapshots.read(sha256))
        return folder

    def finish(self, key: str) -> None:
        """Mark them as complete; raises FaultError, also where they were removed meanwhile."""
        mark = self.folder(key) / MARK
        with disk_faults("keeping the dependencies", mark):
            mark.touch(mode=0o600)

    def abandon(self, key: str) -> None:
        """Remove what was begun. Blocking."""
        shutil.rmtree(self.folder(key), ignore_errors=True)

    def keep_only(self, keys: set[str]) -> None:
        """Remove all others. Blocking."""
        if not self._folder.exists():
            return
        for folder in self._folder.iterdir():
            if folder.name not in keys:
                shutil.rmtree(folder, ignore_errors=True)


def dependency_key(recipe: LocalRecipe, manifest: Manifest) -> str:
    """Return the name of the dependency folder; empty when no step installs any.

    A hash of all steps' commands, the manifests' paths and contents, and the interpreter.
    """
    if not recipe.install_steps:
        return ""
    manifests = _manifests(recipe, manifest)
    said = [
        [list(step.command) for step in recipe.steps],
        manifests,
        sys.version,
        str(Path(sys.executable).resolve()),
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:20]


def _manifests(recipe: LocalRecipe, manifest: Manifest) -> list[tuple[str, str]]:
    """Return the manifests that the snapshot has, as paths and hashes of contents."""
    wanted = {path for step in recipe.install_steps for path in step.manifests}
    return [(e.path, e.sha256) for e in manifest.entries if e.path in wanted and not e.link]
