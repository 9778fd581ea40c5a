"""Syncing: what the rules of `sync` say of a file. Pure.

A file keeps its path below the glob's fixed folders, those before its first part with a wildcard:
`"web/static/**" = "/srv"` leads `web/static/css/a.css` to `/srv/css/a.css`. A rule without any
wildcard is a file, which keeps its name, or a folder with all that is in it. What decides how the
app is built or run is never synced, whatever the rules say.
"""

import re
from pathlib import PurePosixPath

from tui.config.deployed import WILDCARDS, below, deployed_by, names
from tui.config.draft_toml import FILES
from tui.config.environment import Environment, Sync
from tui.model.globs import translate

IGNORE_RULES = (".dockerignore", ".draftignore", ".gitignore")


def sync_target(environment: Environment, path: str) -> str:
    """Return where the first rule that matches a file leads it; empty when it has to be built."""
    if _decides(environment, path) or ".." in path.split("/"):
        return ""
    found = (_target(rule, path) for rule in environment.sync)
    return next(filter(None, found), "")


def _target(rule: Sync, path: str) -> str:
    parts = PurePosixPath(rule.source).parts
    fixed = next((at for at, part in enumerate(parts) if WILDCARDS.search(part)), len(parts))
    glob = "/".join(parts)
    if fixed == len(parts):
        if not below(path, glob or "."):
            return ""
        fixed -= path == glob
    elif not re.fullmatch(translate(glob, spanning=True), path, re.DOTALL):
        return ""
    return str(PurePosixPath(rule.target, *PurePosixPath(path).parts[fixed:]))


def _decides(environment: Environment, path: str) -> bool:
    """Whether a file decides how the app is built or run."""
    name = path.rpartition("/")[2]
    if path in {*FILES, environment.dockerfile} or name.endswith(IGNORE_RULES):
        return True
    return any(names(one, path) for one in deployed_by(environment))
