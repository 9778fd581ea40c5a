"""Content hashes, remembered by what the file system says of a file.

A file whose path, size, times, inode and mode are as they were is taken to have the content it had;
the change time is the kernel's own, so that a clock stepped back or a restored modification time
fools nobody. A file changed as late as the scan itself might change again within the clock's
grain: its stamp is not remembered until it has aged (git calls such files racy).

Where not one stamp differs, the manifest is the one that was remembered, and nothing of it is read
but its tag.
"""

import hashlib
import marshal
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tui.clients.files.listing import NEVER, STAMP, Listing
from tui.clients.files.manifest import Entry, Manifest

GRAIN = 100_000_000
"""Nanoseconds a file must have rested before its hash is kept."""
VERSION = 2


class Remembered(NamedTuple):
    """One scan as it is kept: paths and stamps in the walk's order, entries in the same."""

    tag: str
    names: bytes
    stamps: bytes
    entries: bytes
    """Marshalled apart from the rest: an unchanged tree does not need them."""


NOTHING = Remembered("", b"", b"", marshal.dumps([]))


class HashCache:
    """The last scan of one build context, kept in one file of ours.

    The file is marshalled, for reading 20,000 entries is then ten times as fast as JSON; it is
    written by us alone into a folder for the user alone, and anything unreadable counts as empty.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._last: Remembered | None = None

    def recall(self, listing: Listing) -> Manifest | None:
        """Return the manifest of exactly these files; None when any stamp differs."""
        last = self._remembered()
        if not last.tag or (last.stamps, last.names) != (listing.stamps(), _names(listing)):
            return None
        return Manifest(len(listing.paths), lambda: _entries(last), last.tag)

    def known(self) -> dict[str, tuple[bytes, Entry]]:
        """Return every file's stamp and entry by its path."""
        last = self._remembered()
        return {
            entry.path: (last.stamps[at : at + STAMP], entry)
            for at, entry in zip(range(0, len(last.stamps), STAMP), _entries(last), strict=False)
        }

    def remember(self, listing: Listing, manifest: Manifest, began: int) -> None:
        """Keep a scan that began at this time, nanoseconds of Unix time."""
        by_path = manifest.by_path()
        entries = [tuple(by_path[path]) for path in listing.paths]
        kept = Remembered(
            manifest.tag, _names(listing), _aged(listing, began), marshal.dumps(entries)
        )
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = self._file.with_name(f"{self._file.name}.{os.getpid()}.new")
        temporary.write_bytes(marshal.dumps((VERSION, *kept)))
        temporary.replace(self._file)
        self._last = kept

    def _remembered(self) -> Remembered:
        if self._last is None:
            self._last = _load(self._file)
        return self._last


def _names(listing: Listing) -> bytes:
    return "\0".join(listing.paths).encode(errors="surrogateescape")


def _aged(listing: Listing, began: int) -> bytes:
    """Return the stamps, blank for files that changed so lately that they may change unseen."""
    stamps, young = listing.stamps(), began - GRAIN
    if max(listing.latest(), default=0) <= young:
        return stamps
    parts = (
        stamps[at * STAMP : (at + 1) * STAMP] if changed <= young else NEVER
        for at, changed in enumerate(listing.latest())
    )
    return b"".join(parts)


def _entries(scan: Remembered) -> Iterable[Entry]:
    return map(Entry._make, marshal.loads(scan.entries))


def _load(file: Path) -> Remembered:
    try:
        version, *fields = marshal.loads(file.read_bytes())
        return Remembered(*fields) if version == VERSION else NOTHING
    except (OSError, ValueError, EOFError, TypeError):
        return NOTHING


def sha256_of(path: str | Path) -> str:
    """Return the SHA-256 of a file's content in hex."""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - paths come as texts, by thousands
        return hashlib.file_digest(file, "sha256").hexdigest()
