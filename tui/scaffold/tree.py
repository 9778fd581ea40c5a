"""The project's tree as detection sees it: names and the beginnings of texts, within bounds.

Links are never followed, so nothing outside of the project is looked at; folders that hold other
people's code are passed over; what cannot be read is passed over and remembered.
"""

import fnmatch
import os
from collections.abc import Iterator
from pathlib import Path

from tui.model.faults import Fault, FaultError

PASSED_OVER = frozenset(
    {"node_modules", "venv", "vendor", "dist", "build", "target", "charts", "__pycache__"}
)
MOST_FILES = 2_000
DEEPEST = 2
LONGEST = 256 * 1024


class Tree:
    """The files of a project, the shallowest first; raises FaultError when there is no folder."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.unreadable: list[str] = []
        """Paths passed over, as they can be shown."""
        self.cut = False
        """Whether there were more files than are looked at."""
        self.folders: list[str] = []
        """Those looked into, with a trailing slash; the project's own is empty."""
        self._texts: dict[str, str] = {}
        if not project.is_dir():
            raise FaultError(_no_folder(project))
        self.files = tuple(self._walk())

    def matching(self, pattern: str) -> Iterator[str]:
        """Yield the files of a path, or of a glob: for names anywhere, with a slash for paths."""
        for path in self.files:
            matched = path if "/" in pattern else path.rpartition("/")[2]
            if path == pattern or ("*" in pattern and fnmatch.fnmatchcase(matched, pattern)):
                yield path

    def text(self, path: str) -> str:
        """Return the beginning of a file as text, empty when it cannot be read."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def _read(self, path: str) -> str:
        try:
            with (self.project / path).open("rb") as file:
                return file.read(LONGEST).decode(errors="replace")
        except OSError:
            self.unreadable.append(path)
            return ""

    def _walk(self) -> Iterator[str]:
        folders, found = [("", 0)], 0
        while folders:
            folder, depth = folders.pop(0)
            for entry in self._listed(folder):
                if entry.is_dir(follow_symlinks=False):
                    if depth < DEEPEST and _of_the_project(entry.name):
                        folders.append((f"{folder}{entry.name}/", depth + 1))
                elif entry.is_file(follow_symlinks=False):
                    found += 1
                    if found > MOST_FILES:
                        self.cut = True
                        return
                    yield folder + entry.name

    def _listed(self, folder: str) -> "list[os.DirEntry[str]]":
        self.folders.append(folder)
        try:
            with os.scandir(self.project / folder) as entries:
                named = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            self.unreadable.append(folder or ".")
            return []
        odd = [entry for entry in named if not _is_text(entry.name)]
        self.unreadable += [folder + ascii(entry.name) for entry in odd]
        return [entry for entry in named if entry not in odd]


def _of_the_project(name: str) -> bool:
    return not name.startswith(".") and name not in PASSED_OVER


def _is_text(name: str) -> bool:
    """Whether a file's name can be shown and written: it may be any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_folder(project: Path) -> Fault:
    return Fault(
        "project-missing",
        "there is no such project folder",
        kind="usage",
        place=str(project),
        remedy="check the folder's path",
    )
