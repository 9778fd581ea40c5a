"""What a local recipe is read from, so that it can be watched for changes."""

import os
from collections.abc import Iterator
from pathlib import Path

from tui.config.environment import Environment
from tui.scaffold.packs import pack_places
from tui.scaffold.tree import Tree


def looked_at(project: Path, environment: Environment) -> tuple[list[Path], list[Path]]:
    """Return what `local_recipe` depends on: folders with the files in them, and single paths.

    The single paths are links, and places that need not be there.
    """
    folders = [project / folder for folder in Tree(project).folders]
    named = [project / environment.pack] if "/" in environment.pack else []
    places = [*pack_places(project), *named]
    inside = [path for place in places for path in _inside(place, set())]
    folders += [path for path in inside if not path.is_symlink()]
    return folders, [*places, *(path for path in inside if path.is_symlink())]


def _inside(place: Path, seen: set[Path]) -> Iterator[Path]:
    """Yield a folder and all below it by their real paths, and the links that led there."""
    real = place.resolve()
    if real in seen or not real.is_dir():
        return
    seen.add(real)
    yield real
    for entry in _entries(real):
        if entry.is_symlink():
            yield Path(entry)
        if entry.is_dir():
            yield from _inside(Path(entry), seen)


def _entries(folder: Path) -> "list[os.DirEntry[str]]":
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:  # packs of a folder that cannot be read are passed over
        return []
