"""The build context: every file that a build would see, hashed.

Folders are walked once; a folder that a rule ignores is not entered unless a later rule may bring
something back from below it. Links are entries and never followed, so that neither a loop nor a
link out of the tree matters. Sockets, pipes and devices are left out, as Docker leaves them out.
"""

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tui.clients.files.hashing import HashCache, sha256_of, stamp_of
from tui.clients.files.ignoring import IgnoreRules, load_rules
from tui.clients.files.manifest import SYMLINK, Entry, Manifest, manifest_of
from tui.model.faults import Fault, FaultError

__all__ = ["HashCache", "context_paths", "scan_context"]

MANY = 64
"""Files to hash from which on several threads do it."""


def scan_context(project: Path, cache: HashCache, dockerfile: str = "Dockerfile") -> Manifest:
    """Return the build context as it is now.

    Raises `FaultError` for a file or folder that cannot be read. Blocks: call it in a thread.
    """
    rules = load_rules(project, dockerfile)
    known: list[Entry] = []
    cold: list[tuple[str, os.stat_result]] = []
    for path, status in _walk(str(project), rules):
        if stat.S_ISLNK(status.st_mode):
            known.append(_link(project, path))
            continue
        sha256 = cache.get(path, stamp_of(status))
        if sha256 is None:
            cold.append((path, status))
        else:
            known.append(_entry(path, status, sha256))
    known += _hash_all(project, cold, cache)
    cache.save({entry.path for entry in known})
    return manifest_of(known)


def context_paths(project: Path, rules: IgnoreRules) -> list[str]:
    """Return the paths of all files of the context, in no order."""
    return [path for path, _ in _walk(str(project), rules)]


def _walk(root: str, rules: IgnoreRules) -> Iterator[tuple[str, os.stat_result]]:
    folders = [""]
    while folders:
        folder = folders.pop()
        for entry in _listed(root, folder):
            path = folder + entry.name
            out = rules.out_of_context(path)
            if entry.is_dir(follow_symlinks=False):
                if not out or (rules.takes_back and out != "built-in"):
                    folders.append(f"{path}/")
            elif not out:
                yield from _status(entry, path)


def _listed(root: str, folder: str) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(f"{root}/{folder}") as entries:
            return list(entries)
    except FileNotFoundError:
        return []  # deleted while we walked: the watcher will tell
    except OSError as error:
        raise FaultError(_unreadable(folder or ".", error)) from error


def _status(entry: "os.DirEntry[str]", path: str) -> Iterator[tuple[str, os.stat_result]]:
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return
    if stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode):
        yield path, status


def _hash_all(
    project: Path, cold: list[tuple[str, os.stat_result]], cache: HashCache
) -> list[Entry]:
    if not cold:
        return []
    names = [f"{project}/{path}" for path, _ in cold]
    if len(cold) < MANY:
        hashes = [_hash(name) for name in names]
    else:
        with ThreadPoolExecutor(max_workers=4) as pool:
            hashes = list(pool.map(_hash, names))
    now = time.time_ns()
    entries = []
    for (path, status), sha256 in zip(cold, hashes, strict=True):
        if sha256 is None:
            continue
        cache.put(path, stamp_of(status), sha256, now)
        entries.append(_entry(path, status, sha256))
    return entries


def _hash(name: str) -> str | None:
    try:
        return sha256_of(name)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FaultError(_unreadable(name, error)) from error


def _entry(path: str, status: os.stat_result, sha256: str) -> Entry:
    mode = 0o755 if status.st_mode & 0o100 else 0o644
    return Entry(path, mode, sha256, status.st_size)


def _link(project: Path, path: str) -> Entry:
    target = str((project / path).readlink())
    content = target.encode(errors="surrogateescape")
    return Entry(path, SYMLINK, hashlib.sha256(content).hexdigest(), len(content), target)


def _unreadable(path: str, error: OSError) -> Fault:
    return Fault(
        "context-unreadable",
        f"a file of the build context cannot be read: {error.strerror}",
        kind="usage",
        place=path,
        remedy="make it readable, or name it in .dockerignore",
    )
