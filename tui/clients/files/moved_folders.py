"""Folders that came or went as a whole: the system tells of them alone, not of what is in them.

A folder that is moved is one entry less here and one more there (inotify(7): IN_MOVED_FROM and
IN_MOVED_TO); what was in it is known, what came in it is looked for.
"""

import os
import stat
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from tui.clients.files.ignoring import IgnoreRules


def folders_of(paths: Iterable[str]) -> set[str]:
    """Return all folders that these files lie in."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def is_folder(path: Path) -> bool:
    """Whether a folder is there; a link to one is none."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def files_below(project: Path, folders: Iterable[str], rules: IgnoreRules) -> Iterator[str]:
    """Yield the files on disk below these folders, but for those in folders that are ignored."""
    for folder in folders:
        if not rules.takes_back and rules.ignored_by(folder):
            continue
        for here, inner, files in os.walk(project / folder):
            at = Path(here).relative_to(project).as_posix()
            inner[:] = [name for name in inner if _entered(f"{at}/{name}", rules)]
            yield from (f"{at}/{name}" for name in files)


def known_below(known: Iterable[str], folders: Collection[str]) -> Iterator[str]:
    """Yield those of the known files that lie below one of these folders."""
    for path in known:
        if not folders_of((path,)).isdisjoint(folders):
            yield path


def _entered(folder: str, rules: IgnoreRules) -> bool:
    return rules.takes_back or not rules.ignored_by(folder)
