"""Manifests: what a build context holds, and the tag that follows from it. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

SYMLINK = 0o120000
TAG_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a context."""

    path: str
    """Relative, with forward slashes; bytes that are no UTF-8 are surrogate escapes."""
    mode: int
    """0o644, 0o755 or `SYMLINK`."""
    sha256: str
    """Of the content; of the target's text for a link."""
    size: int
    link: str = ""


@dataclass(frozen=True)
class Manifest:
    """All files of a context, sorted by path."""

    entries: tuple[Entry, ...]

    @cached_property
    def tag(self) -> str:
        """The first 20 bytes, in hex, of the SHA-256 over path, mode and content of every entry."""
        digest = hashlib.sha256()
        for entry in self.entries:
            line = f"{entry.mode:o} {entry.sha256} {entry.path}\0"
            digest.update(line.encode(errors="surrogateescape"))
        return digest.hexdigest()[:TAG_LENGTH]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(entry.size for entry in self.entries)

    def by_path(self) -> dict[str, Entry]:
        """Return the entries by their paths."""
        return {entry.path: entry for entry in self.entries}


def manifest_of(entries: Iterable[Entry]) -> Manifest:
    """Return the manifest of entries that come in any order."""
    return Manifest(tuple(sorted(entries, key=lambda entry: entry.path)))


def to_plain(manifest: Manifest) -> list[list[Any]]:
    """Turn a manifest into lists for JSON; surrogates survive it as escapes."""
    return [[e.path, e.mode, e.sha256, e.size, e.link] for e in manifest.entries]


def from_plain(rows: list[list[Any]]) -> Manifest:
    """Read back what `to_plain` made."""
    return Manifest(tuple(Entry(*row) for row in rows))
