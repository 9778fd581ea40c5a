"""Ignore rules of a project: what is left out of the build context, and what wakes no one.

`.dockerignore` (or `<Dockerfile>.dockerignore`, which goes before it) alone decides the context,
exactly as Docker does, so that a snapshot holds what an image would. Where a project has none, what
no image wants is left out: version control, virtual environments, dependency folders, caches. The
watcher ignores the same, and besides what git and `.draftignore` ignore and what editors leave
behind for a moment.
"""

import os
import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from tui.clients.files.git_ignores import (
    GITIGNORE,
    Elsewhere,
    GitRules,
    files_elsewhere,
    rule_of,
    rules_elsewhere,
    rules_within,
)
from tui.clients.files.patterns import Rule, docker_rules, helm_rules
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen

ALWAYS_OUT = frozenset({".git", ".draft"})
WITHOUT_DOCKERIGNORE = frozenset(
    {".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".mypy_cache"}
    | {".pytest_cache", ".ruff_cache", ".DS_Store"}
)
EDITORS = re.compile(r"4913|.*~|\.#.*|#.*#|.*\.sw[a-z]|.*\.tmp|___jb_(?:tmp|old)___|.*\.kate-swp")
IGNORE_FILES = frozenset({".dockerignore", ".draftignore", GITIGNORE})
BUILT_IN = "built-in"
Judge = Callable[[str, str], str]
"""Takes a path and its last name; returns the rule that keeps it out, empty when it is in."""
LONGEST = 1 << 20


@frozen
class IgnoreRules:
    """All rules of a project as they stood when they were read."""

    docker: tuple[Rule, ...]
    docker_file: str
    """The file they come from; empty where there is none."""
    draft: tuple[Rule, ...] = ()
    git: tuple[GitRules, ...] = ()
    """The nearest first."""
    elsewhere: tuple[Elsewhere, ...] = ()
    """The files out of the project that git's rules come from as well."""

    @property
    def takes_back(self) -> bool:
        """Whether a rule may bring back a file below an ignored folder."""
        return any(rule.negated for rule in self.docker)

    def out_of_context(self, path: str) -> str:
        """Return the rule that keeps a path out of the build context; empty when it is in."""
        parts = path.split("/")
        if parts[0] in ALWAYS_OUT:
            return BUILT_IN
        if not self.docker_file:
            return BUILT_IN if not WITHOUT_DOCKERIGNORE.isdisjoint(parts) else ""
        line = deciding_line(self.docker, path)
        return f"{self.docker_file}:{line}" if line else ""

    def judge_of(self, folder: str) -> Judge:
        """Return `out_of_context` for what lies right in one folder, which is itself in.

        Most files are matched by no rule themselves: they go the way of their folder. `folder` has
        a trailing slash and is empty for the project's own.
        """
        if not self.docker_file:
            names = WITHOUT_DOCKERIGNORE if folder else WITHOUT_DOCKERIGNORE | ALWAYS_OUT
            return lambda _, name: BUILT_IN if name in names else ""
        inherited = self.out_of_context(folder[:-1]) if folder else ""
        if not folder or not self.docker:
            return lambda path, _: self.out_of_context(path)
        matched = any_of(self.docker).fullmatch
        return lambda path, _: self.out_of_context(path) if matched(path) else inherited

    def ignored_by(self, path: str) -> str:
        """Return the rule by which a change of this path wakes no one; empty when it counts."""
        return self.out_of_context(path) or self.passed_over(path)

    def passed_over(self, path: str) -> str:
        """Return the rule that passes a path over wherever it is; empty when there is none."""
        return self._by_editor(path) or self._by_draft(path) or rule_of(path, self.git)

    def _by_editor(self, path: str) -> str:
        return BUILT_IN if EDITORS.fullmatch(path.rpartition("/")[2]) else ""

    def _by_draft(self, path: str) -> str:
        line = deciding_line(self.draft, path)
        return f".draftignore:{line}" if line else ""


@cache
def any_of(rules: tuple[Rule, ...]) -> re.Pattern[str]:
    """Return one pattern for all that these rules match themselves, parents left aside."""
    return re.compile("|".join(f"(?:{rule.pattern.pattern})" for rule in rules), re.DOTALL)


def deciding_line(rules: tuple[Rule, ...], path: str) -> int:
    """Return the line of the rule that ignores a path or one of its parents; 0 when none does."""
    line = 0
    prefixes = _with_parents(path)
    for rule in rules:
        if bool(line) != rule.negated:
            continue  # it could only say again what holds already
        candidates = prefixes[:-1] if rule.folders_only else prefixes
        if any(rule.pattern.fullmatch(prefix) for prefix in candidates):
            line = 0 if rule.negated else rule.line
    return line


def _with_parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]


def load_rules(project: Path, dockerfile: str = "Dockerfile") -> IgnoreRules:
    """Read all of a project's ignore files; raises FaultError for one that cannot be read."""
    context = load_context_rules(project, dockerfile)
    draft = helm_rules(_read(project, ".draftignore"))
    elsewhere = files_elsewhere(project)
    git = (*_git_rules(project, context), *rules_elsewhere(elsewhere))
    return IgnoreRules(context.docker, context.docker_file, draft, git, elsewhere)


def load_context_rules(project: Path, dockerfile: str = "Dockerfile") -> IgnoreRules:
    """Read the rules of the build context alone; raises FaultError."""
    names = (f"{dockerfile}.dockerignore", ".dockerignore")
    docker_file = next((name for name in names if (project / name).is_file()), "")
    docker = docker_rules(_read(project, docker_file)) if docker_file else ()
    return IgnoreRules(docker, docker_file)


def _git_rules(project: Path, rules: IgnoreRules) -> tuple[GitRules, ...]:
    """Return the rules of all folders that are not ignored anyway."""
    found, folders = [], [""]
    while folders:
        folder = folders.pop()
        if (project / folder / GITIGNORE).is_file():
            found.append(folder)
        folders += _subfolders(project, folder, rules)
    return rules_within(found, partial(_read, project))


def _subfolders(project: Path, folder: str, rules: IgnoreRules) -> list[str]:
    try:
        with os.scandir(project / folder) as entries:
            names = [e.name for e in entries if e.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    return [f"{folder}{n}/" for n in names if not rules.out_of_context(f"{folder}{n}")]


def _read(project: Path, name: str) -> str:
    path = project / name
    if not path.is_file():
        return ""
    try:
        with path.open("rb") as file:
            return file.read(LONGEST).decode(errors="surrogateescape")
    except OSError as error:
        raise FaultError(
            Fault(
                "ignore-unreadable",
                f"{name} cannot be read: {error.strerror}",
                kind="usage",
                place=name,
                remedy="make it readable",
            )
        ) from error
