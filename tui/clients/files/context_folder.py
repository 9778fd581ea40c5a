"""The context folder: the newest snapshot as files, for builders that read a folder.

Files are hard links to the kept contents, so that nothing is copied, and a later snapshot changes
only what differs: the builder sees by size and time that all else is as it was, and transfers
nothing of it. An executable has an inode of its own, since a mode belongs to the inode. The folder
is ours alone and nobody writes into its files. The record beside it names the snapshot that it
holds; it is taken away while the folder changes, so that what a crash left half done is made anew.
"""

import os
import shutil
from pathlib import Path

from tui.clients.disk import disk_faults
from tui.clients.files.manifest import SYMLINK, Entry, Manifest, manifest_of
from tui.clients.files.snapshots import Snapshots
from tui.model.faults import FaultError

PLAIN = 0o644


class ContextFolder:
    """One folder that holds one snapshot at a time. Blocking."""

    def __init__(self, folder: Path, snapshots: Snapshots) -> None:
        self.path = folder
        self._record = folder.with_name(f"{folder.name}.tag")
        self._snapshots = snapshots
        self._latest = manifest_of(())
        """What this object laid out last, to spare reading it again."""

    def hold(self, manifest: Manifest) -> int:
        """Make the folder hold a kept snapshot; return how many entries changed.

        Raises FaultError.
        """
        with disk_faults("laying out the build context", self.path):
            old = self._held()
            if old is not None and old.tag == manifest.tag:
                return 0
            self._record.unlink(missing_ok=True)
            if old is None:
                shutil.rmtree(self.path, ignore_errors=True)
                self.path.mkdir(mode=0o700, parents=True)
            changed = self._change(old or manifest_of(()), manifest)
            self._record.write_text(manifest.tag)
            self._latest = manifest
            return changed

    def _held(self) -> Manifest | None:
        """Return what the folder holds; None when that is not known for certain."""
        try:
            tag = self._record.read_text()
            if not self.path.is_dir():
                return None
            return self._latest if self._latest.tag == tag else self._snapshots.manifest(tag)
        except (FileNotFoundError, FaultError):
            return None

    def _change(self, old: Manifest, new: Manifest) -> int:
        before, after = old.by_path(), new.by_path()
        gone = [entry for path, entry in before.items() if after.get(path) != entry]
        come = [entry for path, entry in after.items() if before.get(path) != entry]
        for entry in gone:
            (self.path / entry.path).unlink()
        self._remove_empty({entry.path for entry in gone})
        for entry in come:
            self._place(entry)
        return len(gone) + len(come)

    def _remove_empty(self, paths: set[str]) -> None:
        folders = {parent for path in paths for parent in Path(path).parents} - {Path()}
        for folder in sorted(folders, key=lambda one: -len(one.parts)):
            place = self.path / folder
            if place.is_dir() and not any(place.iterdir()):
                place.rmdir()

    def _place(self, entry: Entry) -> None:
        target = self.path / entry.path
        self._make_folders(target.parent)
        if entry.mode == SYMLINK:
            target.symlink_to(entry.link)
            return
        source = self._snapshots.content(entry.sha256)
        if entry.mode == PLAIN:
            link_or_copy(source, target)
        else:
            shutil.copyfile(source, target)
            target.chmod(entry.mode)

    def _make_folders(self, folder: Path) -> None:
        if not folder.is_dir():
            self._make_folders(folder.parent)
            folder.mkdir()
            folder.chmod(0o755)


def link_or_copy(source: Path, target: Path) -> None:
    """Link a plain file's content; copy it where the file system knows no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
    target.chmod(PLAIN)
