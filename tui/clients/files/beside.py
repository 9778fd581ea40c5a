"""Files beside the build context that count all the same: what a release is deployed by.

A chart is best left out of the image, by `.dockerignore`, and its edit is deployed none the less.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from tui.clients.files.context import context_paths
from tui.clients.files.ignoring import ALWAYS_OUT, IgnoreRules
from tui.config.deployed import names, root_of


def ignored_by(path: str, beside: Sequence[str], rules: IgnoreRules) -> str:
    """Return the rule by which a change of this path wakes no one; empty when it counts.

    For what `beside` names, as draft.toml does, it is of no matter that no image has it.
    """
    if any(names(one, path) for one in beside):
        return rules.passed_over(path)
    return rules.ignored_by(path)


def counting_paths(project: Path, beside: Sequence[str], rules: IgnoreRules) -> set[str]:
    """Return the files of the build context, and those beside it. Blocking; raises FaultError."""
    return {*context_paths(project, rules), *_below(project, beside)}


def _below(project: Path, beside: Sequence[str]) -> Iterator[str]:
    for named in beside:
        root = root_of(named)
        if (project / root).is_file():
            yield root
        for here, folders, files in os.walk(project / root):
            folders[:] = [name for name in folders if name not in ALWAYS_OUT]
            at = Path(here).relative_to(project)
            found = ((at / name).as_posix() for name in files)
            yield from (path for path in found if names(named, path))
