"""Syncing: what the rules of `sync` say of a file. Pure.

A file keeps its path below the glob's fixed folders, those before its first part with a wildcard:
`"web/static/**" = "/srv"` leads `web/static/css/a.css` to `/srv/css/a.css`. A rule without any
wildcard is a file, which keeps its name, or a folder with all that is in it. What decides how the
app is built or run is never synced, whatever the rules say.
"""

import re
from pathlib import PurePosixPath

from tui.config.draft_toml import FILES
from tui.config.environment import Environment, Sync
from tui.model.globs import translate

WILDCARDS = re.compile(r"[*?\[\\]")
IGNORE_RULES = (".dockerignore", ".draftignore", ".gitignore")
CHARTS = "charts"
"""Where a chart is looked for when draft.toml names none."""


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
        if not _below(path, glob or "."):
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
    return any(_names(one, path) for one in _deployed(environment))


def _deployed(environment: Environment) -> tuple[str, ...]:
    """Return what is deployed besides the image: paths of files, folders and globs."""
    if environment.backend != "kubernetes":
        return ()
    return environment.manifests or (environment.chart or CHARTS, *environment.values)


def _names(named: str, path: str) -> bool:
    """Whether a path of draft.toml, which may be a folder or a glob, names this file."""
    glob = str(PurePosixPath(named))
    return _below(path, glob) or bool(re.fullmatch(translate(glob, spanning=True), path))


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/") or folder == "."
