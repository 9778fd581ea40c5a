"""What git ignores, by every file that git reads for it (gitignore(5)).

These are the .gitignore files of the project's folders and of those above it, up to the top of its
checkout; then `$GIT_DIR/info/exclude`; then the user's own, `core.excludesFile`. The file nearest
to a path decides, in it the last rule that matches. Where the last two are, and where a worktree or
a submodule has its top, git itself is asked; without git only the project's own files count.
Blocking.
"""

import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui.model.frozen import frozen

if TYPE_CHECKING:
    import re

    from pathspec.pattern import RegexPattern

GITIGNORE = ".gitignore"
PATIENCE = 5.0
LONGEST = 1 << 20
FOLDER = "ps_d"
"""pathspec's name for the group that ends a folder's name."""
Text = Callable[[str], str]
"""Takes the path of one of the project's files and returns its text."""


@frozen
class GitRules:
    """One ignore file and where its rules stand."""

    name: str
    """The file, as it is told."""
    patterns: "Sequence[RegexPattern]"
    """One for each line."""
    folder: str = ""
    """Where it stands in the project, with a trailing slash; empty for its own and all above."""
    project: str = ""
    """The project's path from where it stands above it, with a trailing slash."""

    def deciding(self, path: str) -> tuple[int, bool] | None:
        """Return the index of the rule that decides on `path` itself and whether it ignores.

        A folder's path ends with a slash.
        """
        if not path.startswith(self.folder) or path == self.folder:
            return None
        seen = self.project + path[len(self.folder) :]
        for index in reversed(range(len(self.patterns))):
            pattern = self.patterns[index]
            if pattern.include is not None and matches_itself(pattern, seen):
                return index, pattern.include
        return None


@frozen
class Elsewhere:
    """An ignore file out of the project, whether it is there or not."""

    name: str
    """The file, as it is told."""
    path: Path
    project: str
    """The project's path from where its rules stand, with a trailing slash."""
    changed: int
    """When it was changed last, in nanoseconds; 0 where it is not there."""


def matches_itself(pattern: "RegexPattern", path: str) -> bool:
    """Whether a pattern matches a path, and not only a folder above it.

    pathspec marks where it matched a folder; `check_file` weighs such matches, not as git does.
    """
    assert pattern.regex is not None, "only lines without a pattern have none"
    name = path.removesuffix("/")
    found = pattern.regex.search(name)
    if found and FOLDER not in _marked(found):
        return True
    marks = (_marked(found).get(FOLDER, 0) for found in pattern.regex.finditer(path))
    return name != path and any(end == len(path) for end in marks)


def _marked(found: "re.Match[str]") -> dict[str, int]:
    """Return the ends of the groups that took part."""
    return {name: found.end(name) for name, text in found.groupdict().items() if text}


def rule_of(path: str, rules: tuple[GitRules, ...]) -> str:
    """Return the rule that ignores a path, empty when none does; `rules` go nearest first.

    As git does: top down, and nothing comes back below an ignored folder.
    """
    parts = path.split("/")
    for depth in range(1, len(parts) + 1):
        part = "/".join(parts[:depth])
        if rule := _deciding(part if depth == len(parts) else f"{part}/", rules):
            return rule
    return ""


def _deciding(path: str, rules: tuple[GitRules, ...]) -> str:
    for one in rules:
        decided = one.deciding(path)
        if decided is not None:
            index, ignores = decided
            return f"{one.name}:{index + 1}" if ignores else ""
    return ""


def rules_within(folders: list[str], text: Text) -> tuple[GitRules, ...]:
    """Return the rules of the project's folders, which have a trailing slash, nearest first."""
    found = [GitRules(f"{f}{GITIGNORE}", _patterns(text(f"{f}{GITIGNORE}")), f) for f in folders]
    return tuple(sorted(found, key=lambda one: -one.folder.count("/")))


def rules_elsewhere(files: tuple[Elsewhere, ...]) -> tuple[GitRules, ...]:
    """Return the rules out of the project, nearest first.

    There are none for a project that they ignore as a whole: it is looked after all the same.
    """
    found = tuple(
        GitRules(one.name, _patterns(_text(one.path)), project=one.project)
        for one in files
        if one.changed
    )
    return () if _ignore_it_as_a_whole(found) else found


def _ignore_it_as_a_whole(rules: tuple[GitRules, ...]) -> bool:
    """Whether these rules ignore the project's folder, or one above it, from the top down."""
    from_top = max((one.project for one in rules), key=len, default="")
    seen_from_top = tuple(
        replace(one, folder=from_top.removesuffix(one.project), project="") for one in rules
    )
    ends = [at + 1 for at, letter in enumerate(from_top) if letter == "/"]
    return any(_deciding(from_top[:end], seen_from_top) for end in ends)


def files_elsewhere(project: Path) -> tuple[Elsewhere, ...]:
    """Return the ignore files that git reads out of the project, nearest first."""
    asked = ("--path-format=absolute", "--show-toplevel", "--git-path", "info/exclude")
    top, _, exclude = _git(project, "rev-parse", *asked).partition("\n")
    if not exclude or not project.is_relative_to(top):
        return ()
    above = [folder for folder in project.parents if folder.is_relative_to(top)]
    ignores = [
        *((folder / GITIGNORE, folder) for folder in above),
        (Path(exclude), Path(top)),
        (_of_the_user(project), Path(top)),
    ]
    return tuple(_elsewhere(path, folder, project) for path, folder in ignores)


def unchanged(files: tuple[Elsewhere, ...]) -> bool:
    """Whether no file out of the project was written, made or removed since it was found."""
    return all(one.changed == _changed(one.path) for one in files)


def _of_the_user(project: Path) -> Path:
    if named := _git(project, "config", "--path", "--get", "core.excludesFile"):
        return Path(named)
    config = os.environ.get("XDG_CONFIG_HOME") or f"{os.environ.get('HOME', '')}/.config"
    return Path(config, "git", "ignore")


def _elsewhere(path: Path, folder: Path, project: Path) -> Elsewhere:
    below = "".join(f"{part}/" for part in project.relative_to(folder).parts)
    return Elsewhere(_name(path, project), path, below, _changed(path))


def _name(path: Path, project: Path) -> str:
    """Return a file's name for the user: from the project or from home, whichever is shorter."""
    names = [os.path.relpath(path, project)]
    home = os.environ.get("HOME")
    if home and path.is_relative_to(home):
        names.append(f"~/{path.relative_to(home)}")
    return min(names, key=len)


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _git(project: Path, *arguments: str) -> str:
    """Return git's answer without its last newline; empty where it has none."""
    command = ["git", "-C", str(project), *arguments]
    try:
        answer = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return os.fsdecode(answer.stdout).removesuffix("\n")


def _text(path: Path) -> str:
    """Return an ignore file's text; one that cannot be read counts as empty, as for git."""
    try:
        with path.open("rb") as file:
            return file.read(LONGEST).decode(errors="surrogateescape")
    except OSError:
        return ""


def _patterns(text: str) -> "Sequence[RegexPattern]":
    from pathspec import GitIgnoreSpec  # the build context, scanned at every `up`, needs none

    return GitIgnoreSpec.from_lines(_line(line) for line in text.splitlines()).patterns


def _line(text: str) -> str:
    """Return a line as pathspec reads it right: it drops empty ones, and takes `a/**/` for `a/`."""
    if not text.strip():
        return "#"
    return f"{text}*/" if text.endswith("/**/") else text
