"""Folders that came or went as a whole: the system tells of them alone, not of what is in them.

A folder that is moved is one entry less here and one more there (inotify(7): IN_MOVED_FROM and
IN_MOVED_TO); what was in it is known, what came in it is looked for.
"""

import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path


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


def files_below(
    project: Path, folders: Iterable[str], entered: Callable[[str], bool]
) -> Iterator[str]:
    """Yield the files on disk in those of these folders, and below, that are to be entered."""
    for folder in filter(entered, folders):
        for here, inner, files in os.walk(project / folder):
            at = Path(here).relative_to(project).as_posix()
            inner[:] = [name for name in inner if entered(f"{at}/{name}")]
            yield from (f"{at}/{name}" for name in files)


def known_below(known: Iterable[str], folders: Collection[str]) -> Iterator[str]:
    """Yield those of the known files that lie below one of these folders."""
    for path in known:
        if not folders_of((path,)).isdisjoint(folders):
            yield path
