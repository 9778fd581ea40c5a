"""Files beside the build context that count all the same: what a release is deployed by.

A chart is best left out of the image, by `.dockerignore`, and its edit is deployed none the less.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from tui.clients.files.context import context_paths
from tui.clients.files.ignoring import ALWAYS_OUT, IgnoreRules
from tui.config.deployed import leads_to, names, root_of


def ignored_by(path: str, beside: Sequence[str], rules: IgnoreRules) -> str:
    """Return the rule by which a change of this path wakes no one; empty when it counts.

    For what `beside` names, as draft.toml does, it is of no matter that no image has it.
    """
    if any(names(one, path) for one in beside):
        return rules.passed_over(path)
    return rules.ignored_by(path)


def may_count(folder: str, beside: Sequence[str], rules: IgnoreRules) -> bool:
    """Whether files that count may lie in a folder, or below it."""
    if rules.takes_back:
        return True
    if _passed(folder, rules):
        return False
    return not rules.out_of_context(folder) or any(leads_to(one, folder) for one in beside)


def counting_paths(project: Path, beside: Sequence[str], rules: IgnoreRules) -> set[str]:
    """Return the files of the build context, and those beside it. Blocking; raises FaultError."""
    return {*context_paths(project, rules), *paths_beside(project, beside, rules)}


def paths_beside(project: Path, beside: Sequence[str], rules: IgnoreRules) -> Iterator[str]:
    """Yield the files that `beside` names, but for folders that wake no one. Blocking."""
    for named in beside:
        root = root_of(named)
        if (project / root).is_file():
            yield root
        for here, folders, files in os.walk(project / root):
            at = Path(here).relative_to(project)
            folders[:] = [name for name in folders if _leads(named, at / name, rules)]
            found = ((at / name).as_posix() for name in files)
            yield from (path for path in found if names(named, path))


def _leads(named: str, folder: Path, rules: IgnoreRules) -> bool:
    path = folder.as_posix()
    return folder.name not in ALWAYS_OUT and leads_to(named, path) and not _passed(path, rules)


def _passed(folder: str, rules: IgnoreRules) -> str:
    return rules.passed_over(f"{folder}/")
