"""Comparing two manifests, file by file. Pure but for reading the contents it is handed."""

import difflib
from collections.abc import Callable, Iterator

from tui.clients.files.manifest import Entry, Manifest
from tui.model.images import FileDifference

LARGEST = 256 * 1024
"""Bytes up to which a file is compared line by line."""

Read = Callable[[str], bytes]


def changed(old: Manifest, new: Manifest) -> tuple[str, ...]:
    """Return the paths of the files that differ, sorted."""
    return tuple(sorted({entry.path for entry in {*old.entries} ^ {*new.entries}}))


def difference(old: Manifest, new: Manifest, read: Read) -> tuple[FileDifference, ...]:
    """Return the files that differ, by path; contents are read by their hash."""
    before, after = old.by_path(), new.by_path()
    paths = changed(old, new)
    return tuple(_compare(path, before.get(path), after.get(path), read) for path in paths)


def _compare(path: str, old: Entry | None, new: Entry | None, read: Read) -> FileDifference:
    kind = "added" if old is None else "deleted" if new is None else "modified"
    texts = [_text(entry, read) for entry in (old, new)]
    if None in texts:
        return FileDifference(path, kind)
    return FileDifference(path, kind, "\n".join(_unified(path, texts[0] or "", texts[1] or "")))


def _unified(path: str, old: str, new: str) -> Iterator[str]:
    return difflib.unified_diff(
        old.splitlines(), new.splitlines(), f"a/{path}", f"b/{path}", lineterm=""
    )


def _text(entry: Entry | None, read: Read) -> str | None:
    """Return the text of an entry; None when it is binary or too large to compare."""
    if entry is None:
        return ""
    if entry.link:
        return f"→ {entry.link}"
    if entry.size > LARGEST:
        return None
    content = read(entry.sha256)
    return None if b"\0" in content else content.decode(errors="replace")
