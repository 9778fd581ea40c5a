"""Manifests: what a build context holds, and the tag that follows from it. Pure."""

import hashlib
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, NamedTuple

SYMLINK = 0o120000
TAG_LENGTH = 40


class Entry(NamedTuple):
    """One file of a context; a tuple, for they are made by ten thousands."""

    path: str
    """Relative, with forward slashes; bytes that are no UTF-8 are surrogate escapes."""
    mode: int
    """0o644, 0o755 or `SYMLINK`."""
    sha256: str
    """Of the content; of the target's text for a link."""
    size: int
    link: str = ""


class Manifest:
    """All files of a context.

    One that is remembered under its tag reads its entries only when somebody asks for them.
    """

    def __init__(self, count: int, entries: Callable[[], Iterable[Entry]], tag: str = "") -> None:
        self.count = count
        """How many files there are."""
        self._entries = entries
        self._tag = tag

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Manifest) and self.entries == other.entries

    def __hash__(self) -> int:
        return hash(self.tag)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The files, sorted by path."""
        return tuple(sorted(self._entries()))

    @cached_property
    def tag(self) -> str:
        """The first 20 bytes, in hex, of the SHA-256 over path, mode and content of every entry."""
        if self._tag:
            return self._tag
        lines = [f"{mode:o} {sha256} {path}\0" for path, mode, sha256, _, _ in self.entries]
        digest = hashlib.sha256("".join(lines).encode(errors="surrogateescape"))
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
    known = list(entries)
    return Manifest(len(known), lambda: known)


def to_plain(manifest: Manifest) -> list[list[Any]]:
    """Turn a manifest into lists for JSON; surrogates survive it as escapes."""
    return [list(entry) for entry in manifest.entries]


def from_plain(rows: list[list[Any]]) -> Manifest:
    """Read back what `to_plain` made."""
    return manifest_of([Entry(*row) for row in rows])
