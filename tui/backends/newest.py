"""The newest release and who keeps it: all of the history that the first paint needs."""

import json
from pathlib import Path

from tui.model.plain import from_plain, part
from tui.model.releases import Release

FOLDER = "releases"
"""Below the state folder: one file a release, named by its number."""
ENGINE = "engine"
"""Beside it: the address of the engine that the docker backend runs them on."""


def newest_release(state: Path) -> Release | None:
    """Return the release of the highest number; None without one, or where it is damaged."""
    try:
        newest = max((state / FOLDER).glob("*.json"), key=_number, default=None)
        if newest is None:
            return None
        known, _ = part(Release, json.loads(newest.read_bytes())["release"])
        release: Release = from_plain(Release, known)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return release


def _number(file: Path) -> int:
    return int(file.stem) if file.stem.isascii() and file.stem.isdecimal() else 0


def keeper(state: Path) -> str:
    """Return the backend that keeps releases in this folder; empty where none does.

    A cluster keeps its own; the docker backend names its engine beside them.
    """
    if next((state / FOLDER).glob("*.json"), None) is None:
        return ""
    return "docker" if (state / ENGINE).exists() else "local"
