"""The project's tree as detection sees it: names and the beginnings of texts, within bounds.

Links are never followed, so nothing outside of the project is looked at; folders that hold other
people's code are passed over; what cannot be read is passed over and remembered.
"""

import fnmatch
import os
from collections.abc import Iterator
from pathlib import Path

PASSED_OVER = frozenset(
    {"node_modules", "venv", "vendor", "dist", "build", "target", "charts", "__pycache__"}
)
MOST_FILES = 3_000
DEEPEST = 2
LONGEST = 64 * 1024


class Tree:
    """The files of a project, the shallowest first."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.unreadable: list[str] = []
        self.files = tuple(self._walk())
        self._texts: dict[str, str] = {}

    def matching(self, pattern: str) -> Iterator[str]:
        """Yield the files of a name, or whose name matches a glob; below the top only globs do."""
        for path in self.files:
            name = path.rpartition("/")[2]
            if path == pattern or ("*" in pattern and fnmatch.fnmatchcase(name, pattern)):
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
        while folders and found < MOST_FILES:
            folder, depth = folders.pop(0)
            for entry in self._listed(folder):
                if entry.is_dir(follow_symlinks=False):
                    if depth < DEEPEST and _of_the_project(entry.name):
                        folders.append((f"{folder}{entry.name}/", depth + 1))
                elif entry.is_file(follow_symlinks=False):
                    found += 1
                    yield folder + entry.name

    def _listed(self, folder: str) -> "list[os.DirEntry[str]]":
        try:
            with os.scandir(self.project / folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError:
            self.unreadable.append(folder or ".")
            return []


def _of_the_project(name: str) -> bool:
    return not name.startswith(".") and name not in PASSED_OVER
