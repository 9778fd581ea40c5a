"""Deployed: what a release is made from besides the image, as draft.toml names it. Pure."""

import re
from functools import cache
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
    return bool(_named(named).fullmatch(path))


def leads_to(named: str, folder: str) -> bool:
    """Whether a file that a path of draft.toml names may lie in this folder, or below it."""
    return names(named, folder) or bool(_way(named).fullmatch(f"/{folder}"))


def below(path: str, folder: str) -> bool:
    """Whether a path is this one or below it."""
    return path == folder or path.startswith(f"{folder}/") or folder == "."


def root_of(named: str) -> str:
    """Return the file or folder in which all lies that a path of draft.toml names."""
    parts = PurePosixPath(named).parts
    fixed = next((at for at, part in enumerate(parts) if WILDCARDS.search(part)), len(parts))
    return "/".join(parts[:fixed]) or "."


@cache
def _named(named: str) -> re.Pattern[str]:
    glob = str(PurePosixPath(named))
    itself = ".*" if glob == "." else f"{re.escape(glob)}(?:/.*)?"
    return re.compile(f"{itself}|{translate(glob, spanning=True)}", re.DOTALL)


@cache
def _way(named: str) -> re.Pattern[str]:
    """Return the pattern of the folders above what is named, each with a slash before it."""
    *above, last = PurePosixPath(named).parts or (".",)
    way = "(?:/.*)?" if "**" in last else ""
    for part in reversed(above):
        way = "(?:/.*)?" if "**" in part else f"(?:/{translate(part, spanning=False)}{way})?"
    return re.compile(way, re.DOTALL)
