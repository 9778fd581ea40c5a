"""The build context: every file that a build would see, hashed."""

import hashlib
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tui.clients.files.hashing import HashCache, sha256_of
from tui.clients.files.ignoring import IgnoreRules, load_context_rules
from tui.clients.files.listing import Listed, Listing, list_context, unreadable
from tui.clients.files.manifest import SYMLINK, Entry, Manifest, manifest_of
from tui.model.faults import FaultError

__all__ = ["HashCache", "Look", "context_paths", "look_at_context", "scan_context"]

MANY = 64
"""Files to hash from which on several threads do it."""


class Look(NamedTuple):
    """The build context as it was seen at one time."""

    manifest: Manifest
    folders: list[str]
    """Those looked into, relative, with a trailing slash; the project's own is empty."""
    linked: list[str]
    """Files that have another name somewhere, so that no folder of these tells all changes."""


def scan_context(project: Path, cache: HashCache, dockerfile: str = "Dockerfile") -> Manifest:
    """Return the build context as it is now; see `look_at_context`."""
    return look_at_context(project, cache, dockerfile).manifest


def look_at_context(project: Path, cache: HashCache, dockerfile: str) -> Look:
    """Return the build context as it is now, and where it was found.

    Raises `FaultError` for a file or folder that cannot be read. Blocks: call it in a thread.
    """
    began = time.time_ns()
    listing = list_context(project, load_context_rules(project, dockerfile))
    manifest = cache.recall(listing) or _hash_changed(project, cache, listing, began)
    return Look(manifest, listing.folders, listing.linked)


def context_paths(project: Path, rules: IgnoreRules) -> list[str]:
    """Return the paths of all files of the context, in no order."""
    return list_context(project, rules).paths


def _hash_changed(project: Path, cache: HashCache, listing: Listing, began: int) -> Manifest:
    """Hash what differs from the last scan, and remember this one."""
    known, entries = cache.known(), dict[str, Entry]()
    cold: list[Listed] = []
    for listed in listing:
        stamp, entry = known.get(listed.path, (b"", None))
        if entry is not None and stamp == listed.stamp:
            entries[listed.path] = entry
        else:
            cold.append(listed)
    entries |= {entry.path: entry for entry in _hash_all(project, cold)}
    manifest = manifest_of(entries.values())
    cache.remember(listing.only(entries), manifest, began)
    return manifest


def _hash_all(project: Path, cold: list[Listed]) -> list[Entry]:
    """Return the entries of files that are still there."""
    if len(cold) < MANY:
        hashed = [_entry(project, listed) for listed in cold]
    else:
        with ThreadPoolExecutor(max_workers=4) as pool:
            hashed = list(pool.map(lambda listed: _entry(project, listed), cold))
    return [entry for entry in hashed if entry is not None]


def _entry(project: Path, listed: Listed) -> Entry | None:
    try:
        if stat.S_ISLNK(listed.mode):
            return _link(project, listed.path)
        sha256 = sha256_of(f"{project}/{listed.path}")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FaultError(unreadable(listed.path, error)) from error
    return Entry(listed.path, 0o755 if listed.mode & 0o100 else 0o644, sha256, listed.size)


def _link(project: Path, path: str) -> Entry:
    target = str((project / path).readlink())
    content = target.encode(errors="surrogateescape")
    return Entry(path, SYMLINK, hashlib.sha256(content).hexdigest(), len(content), target)
