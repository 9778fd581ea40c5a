"""Listings: the files of a build context with what the file system says of each.

Folders are walked once; a folder that a rule ignores is not entered unless a later rule may bring
something back from below it. Links are files of their own and never followed, so that neither a
loop nor a link out of the tree matters. Sockets, pipes and devices are left out, as Docker leaves
them out.
"""

import os
from array import array
from collections.abc import Container, Iterator
from pathlib import Path
from typing import NamedTuple

from tui.clients.files.ignoring import BUILT_IN, IgnoreRules
from tui.model.faults import Fault, FaultError

FIELDS = 5
"""Numbers in a stamp: size, modification time, change time, inode, mode."""
STAMP = FIELDS * 8
"""Bytes of a stamp."""
NEVER = bytes(STAMP)
"""The stamp of no file."""
TOP, WRAP = 1 << 63, 1 << 64


class Listed(NamedTuple):
    """One file of a listing."""

    path: str
    stamp: bytes
    size: int
    mode: int


class Listing:
    """Paths, in the order of the walk, and their stamps.

    While a stamp is the same the content is taken as the same. Both are kept flat, for there may be
    a hundred thousand of them.
    """

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.numbers = array("q")
        self.folders: list[str] = []
        """Those looked into, each with a trailing slash; the project's own is empty."""
        self.linked: list[str] = []
        """Files of more than one name: they can be written to by a name elsewhere."""

    def add(self, path: str, status: os.stat_result) -> None:
        """Add a file."""
        inode = status.st_ino
        self.paths.append(path)
        if status.st_nlink > 1:
            self.linked.append(path)
        self.numbers.extend(
            (
                status.st_size,
                status.st_mtime_ns,
                status.st_ctime_ns,
                inode if inode < TOP else inode - WRAP,
                status.st_mode,
            )
        )

    def __iter__(self) -> Iterator[Listed]:
        stamps, numbers = self.stamps(), self.numbers
        for at, path in enumerate(self.paths):
            first = at * FIELDS
            stamp = stamps[at * STAMP : (at + 1) * STAMP]
            yield Listed(path, stamp, numbers[first], numbers[first + FIELDS - 1])

    def latest(self) -> list[int]:
        """Return when each file was changed last by either of its times, Unix nanoseconds."""
        return list(map(max, self.numbers[1::FIELDS], self.numbers[2::FIELDS]))

    def only(self, paths: Container[str]) -> "Listing":
        """Return the listing without files that are not among `paths`."""
        if all(path in paths for path in self.paths):
            return self
        rest = Listing()
        for at, path in enumerate(self.paths):
            if path in paths:
                rest.paths.append(path)
                rest.numbers.extend(self.numbers[at * FIELDS : (at + 1) * FIELDS])
        return rest

    def stamps(self) -> bytes:
        """Return all stamps one after the other."""
        return self.numbers.tobytes()


def list_context(project: Path, rules: IgnoreRules) -> Listing:
    """Return the files of the build context; raises FaultError for an unreadable folder."""
    listing, root, folders = Listing(), str(project), [""]
    while folders:
        folder = folders.pop()
        listing.folders.append(folder)
        judge = rules.judge_of(folder)
        for entry in _listed(root, folder):
            path = folder + entry.name
            out = judge(path, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if not out or (rules.takes_back and out != BUILT_IN):
                    folders.append(f"{path}/")
            elif not out and (entry.is_file(follow_symlinks=False) or entry.is_symlink()):
                try:
                    listing.add(path, entry.stat(follow_symlinks=False))
                except FileNotFoundError:
                    continue  # deleted since the folder was read
    return listing


def _listed(root: str, folder: str) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(f"{root}/{folder}") as entries:
            return list(entries)
    except FileNotFoundError:
        return []  # deleted while we walked: the watcher will tell
    except OSError as error:
        raise FaultError(unreadable(folder or ".", error)) from error


def unreadable(path: str, error: OSError) -> Fault:
    """Return the fault of a file or folder that cannot be read."""
    return Fault(
        "context-unreadable",
        f"a file of the build context cannot be read: {error.strerror}",
        kind="usage",
        place=path,
        remedy="make it readable, or name it in .dockerignore",
    )
