"""Deployed: what a release is made from besides the image, as draft.toml names it. Pure."""

import re
from pathlib import PurePosixPath

from tui.config.environment import Environment
from tui.model.globs import translate

WILDCARDS = re.compile(r"[*?\[\\]")
CHARTS = "charts"
"""Where a chart is looked for when draft.toml names none."""


def deployed_by(environment: Environment) -> tuple[str, ...]:
    """Return what is deployed besides the image: paths of files, folders and globs."""
    if environment.backend != "kubernetes":
        return ()
    return environment.manifests or (environment.chart or CHARTS, *environment.values)


def names(named: str, path: str) -> bool:
    """Whether a path of draft.toml, which may be a folder or a glob, names this file."""
    glob = str(PurePosixPath(named))
    return below(path, glob) or bool(re.fullmatch(translate(glob, spanning=True), path))


def below(path: str, folder: str) -> bool:
    """Whether a path is this one or below it."""
    return path == folder or path.startswith(f"{folder}/") or folder == "."


def root_of(named: str) -> str:
    """Return the file or folder in which all lies that a path of draft.toml names."""
    parts = PurePosixPath(named).parts
    fixed = next((at for at, part in enumerate(parts) if WILDCARDS.search(part)), len(parts))
    return "/".join(parts[:fixed]) or "."
