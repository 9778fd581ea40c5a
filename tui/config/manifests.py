"""Manifests: which files an entry of `manifests` in draft.toml names."""

from collections.abc import Iterator
from pathlib import Path

SUFFIXES = frozenset({".yaml", ".yml", ".json"})


def manifests_at(project: Path, entry: str) -> Iterator[Path]:
    """Yield a file, a folder's YAML and JSON files, those below it too, or a glob's; unordered."""
    path = project / entry
    if path.is_file():
        yield path
        return
    pattern = f"{entry.rstrip('/')}/**/*" if path.is_dir() else entry
    yield from (f for f in project.glob(pattern) if f.suffix in SUFFIXES and f.is_file())
