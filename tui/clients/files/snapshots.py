"""Snapshots: immutable copies of the build context, each file's content kept once.

`objects/<aa>/<sha256>` holds contents, `snapshots/<tag>.json` which file has which. Everything is
written beside its place and renamed into it, objects before the snapshot that names them, so that a
crash of ours at any moment leaves at most files that the next prune sweeps. It is not synced: a
crash of the machine may leave files without their contents, and these are written anew. A content
is kept under its hash only if it has it: a file that changes while it is copied is a fault, not a
wrong snapshot.
"""

import contextlib
import json
import os
import shutil
from collections.abc import Collection
from pathlib import Path

from tui.clients.disk import disk_faults
from tui.clients.files.comparing import changed, difference
from tui.clients.files.copying import copy_file, copy_hashed
from tui.clients.files.manifest import SYMLINK, Entry, Manifest, from_plain, to_plain
from tui.model.changes import CONTEXT_CHANGED
from tui.model.faults import Fault, FaultError
from tui.model.images import FileDifference

KEPT_MODE = 0o644
"""Of kept contents: the state folder keeps others out; links need the mode."""
PARTIAL = ".partial"


class Snapshots:
    """The snapshots of one environment, below its state folder."""

    def __init__(self, state: Path) -> None:
        self._objects = state / "objects"
        self._snapshots = state / "snapshots"

    def has(self, tag: str) -> bool:
        """Whether there is a snapshot of this tag."""
        return _size(self._file(tag)) > 0

    def manifest(self, tag: str) -> Manifest:
        """Return what a snapshot holds; raises FaultError when it is not there."""
        try:
            return from_plain(json.loads(self._file(tag).read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise FaultError(_gone(tag)) from error

    def add(self, project: Path, manifest: Manifest) -> int:
        """Keep the context that `manifest` describes; return the bytes added."""
        if self.has(manifest.tag):
            return 0
        with disk_faults("keeping the snapshot", self._snapshots, "snapshot-failed"):
            for prefix in {entry.sha256[:2] for entry in manifest.entries}:
                (self._objects / prefix).mkdir(mode=0o700, parents=True, exist_ok=True)
            added = sum(self._keep(project, entry) for entry in manifest.entries)
            text = json.dumps(to_plain(manifest))
            _write(self._file(manifest.tag), text.encode())
            return added + len(text)

    def read(self, sha256: str) -> bytes:
        """Return a kept content."""
        return self.content(sha256).read_bytes()

    def content(self, sha256: str) -> Path:
        """Return the file of a kept content; only to be read."""
        return Path(self._content(sha256))

    def materialise(self, tag: str, target: Path) -> None:
        """Make `target` a fresh, writable copy of a snapshot, in place of whatever is there."""
        manifest = self.manifest(tag)
        with disk_faults("copying the snapshot", target, "snapshot-failed"):
            if target.exists():
                shutil.rmtree(target)
            target.mkdir(mode=0o700, parents=True)
            for folder in sorted({e.path.rpartition("/")[0] for e in manifest.entries}):
                (target / folder).mkdir(parents=True, exist_ok=True)
            links = [entry for entry in manifest.entries if entry.mode == SYMLINK]
            for entry in manifest.entries:
                if entry.mode != SYMLINK:
                    content = self._content(entry.sha256)
                    copy_file(content, f"{target}/{entry.path}", entry.size, entry.mode)
            for entry in links:  # last: no file may be written through one
                (target / entry.path).symlink_to(entry.link)

    def changed(self, old_tag: str, new_tag: str) -> tuple[str, ...]:
        """Return the paths of the files in which two snapshots differ."""
        if old_tag == new_tag:
            return ()
        return changed(self.manifest(old_tag), self.manifest(new_tag))

    def difference(self, old_tag: str, new_tag: str) -> tuple[FileDifference, ...]:
        """Return how the files of two snapshots differ."""
        if old_tag == new_tag:
            return ()
        return difference(self.manifest(old_tag), self.manifest(new_tag), self.read)

    def prune(self, keep: Collection[str]) -> tuple[tuple[str, ...], int]:
        """Delete all snapshots but `keep`, and the contents no other one needs."""
        doomed = [f for f in self._snapshots.glob("*.json") if f.stem not in keep]
        if not doomed:
            return (), 0
        for file in doomed:
            file.unlink(missing_ok=True)
        needed = {
            entry.sha256
            for file in self._snapshots.glob("*.json")
            for entry in self.manifest(file.stem).entries
        }
        freed = sum(_remove(o) for o in self._objects.glob("*/*") if o.name not in needed)
        return tuple(sorted(file.stem for file in doomed)), freed

    def size(self) -> int:
        """Return the bytes that all snapshots take together."""
        files = (*self._objects.glob("*/*"), *self._snapshots.glob("*"))
        return sum(max(_size(file), 0) for file in files)

    def _keep(self, project: Path, entry: Entry) -> int:
        place = self._content(entry.sha256)
        if entry.mode == SYMLINK or _size(place) == entry.size:
            return 0
        temporary = f"{place}.{os.getpid()}{PARTIAL}"
        try:
            copied = copy_hashed(f"{project}/{entry.path}", temporary, entry.size, KEPT_MODE)
            if copied != entry.sha256:
                raise FaultError(_changed(entry.path))
            os.rename(temporary, place)  # noqa: PTH104 - by hundred thousands
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)  # noqa: PTH108 - as above
            raise
        return entry.size

    def _content(self, sha256: str) -> str:
        return f"{self._objects}/{sha256[:2]}/{sha256}"

    def _file(self, tag: str) -> Path:
        return self._snapshots / f"{tag}.json"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}{PARTIAL}")
    temporary.write_bytes(content)
    temporary.replace(path)


def _size(file: Path | str) -> int:
    """Return the bytes a file has; -1 where it is gone, as one is that is renamed meanwhile."""
    try:
        return os.stat(file).st_size  # noqa: PTH116 - by hundred thousands
    except FileNotFoundError:
        return -1


def _remove(file: Path) -> int:
    with contextlib.suppress(FileNotFoundError):
        size = file.stat().st_size
        file.unlink()
        return size
    return 0


def _changed(path: str) -> Fault:
    return Fault(
        CONTEXT_CHANGED,
        f"{path} changed while it was copied",
        remedy="save again, or wait until what writes it is done",
    )


def _gone(tag: str) -> Fault:
    return Fault(
        "snapshot-gone",
        f"the snapshot {tag[:12]} is not there any more",
        remedy="bring the tree itself up: `redraft up`",
    )
