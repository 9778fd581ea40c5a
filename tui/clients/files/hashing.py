"""Content hashes, remembered by what the file system says of a file.

A file whose path, size, times and inode are as they were is taken to have the content it had; the
change time is the kernel's own, so that a clock stepped back or a restored modification time fools
nobody. A file changed as late as the remembering itself might change again within the clock's
grain, so it is not remembered until it has aged (git calls such files racy).
"""

import hashlib
import marshal
import os
from pathlib import Path

GRAIN = 100_000_000
"""Nanoseconds a file must have rested before its hash is kept."""
VERSION = 1

Stamp = tuple[int, int, int, int]


def stamp_of(status: os.stat_result) -> Stamp:
    """Return what must be the same for the content to be taken as the same."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


class HashCache:
    """SHA-256 of files by path and stamp, kept in one file of ours.

    The file is marshalled, for reading 20,000 entries is then ten times as fast as JSON; it is
    written by us alone into a folder for the user alone, and anything unreadable counts as empty.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, tuple[Stamp, str]] | None = None
        self._changed = False

    def get(self, path: str, stamp: Stamp) -> str | None:
        """Return the hash of a file that has not changed since it was put in."""
        known = self._entries().get(path)
        return known[1] if known is not None and known[0] == stamp else None

    def put(self, path: str, stamp: Stamp, sha256: str, now: int) -> None:
        """Remember a hash, unless the file changed so lately that it may change unseen."""
        if now - max(stamp[1], stamp[2]) < GRAIN:
            self._entries().pop(path, None)
            return
        self._entries()[path] = (stamp, sha256)
        self._changed = True

    def save(self, paths: set[str]) -> None:
        """Write what changed, forgetting files that are no more among `paths`."""
        entries = self._entries()
        gone = entries.keys() - paths
        if not self._changed and not gone:
            return
        for path in gone:
            del entries[path]
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = self._file.with_name(f"{self._file.name}.{os.getpid()}.new")
        temporary.write_bytes(marshal.dumps((VERSION, entries)))
        temporary.replace(self._file)
        self._changed = False

    def _entries(self) -> dict[str, tuple[Stamp, str]]:
        if self._known is None:
            self._known = _load(self._file)
        return self._known


def _load(file: Path) -> dict[str, tuple[Stamp, str]]:
    try:
        version, entries = marshal.loads(file.read_bytes())
    except (OSError, ValueError, EOFError, TypeError):
        return {}
    return entries if version == VERSION and isinstance(entries, dict) else {}


def sha256_of(path: str | Path) -> str:
    """Return the SHA-256 of a file's content in hex."""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - paths come as texts, by thousands
        return hashlib.file_digest(file, "sha256").hexdigest()
