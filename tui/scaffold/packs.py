"""Finding packs.

They are looked for in the project's `.draft/packs`, in the user's pack folder, and among those
built in; the first of a name wins. A classic Draft pack (Dockerfile and charts/, no pack.toml)
works as it is: it is chosen by name, for it says nothing of detection.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from platformdirs import user_config_path

from tui.model.faults import Fault, FaultError
from tui.scaffold.pack import Pack, broken

CHART = "_chart"
MANIFESTS = "_manifests"
SAMPLE = "_sample"


def built_in() -> Path:
    """Return the folder of the packs built in: beside the package, or inside of the wheel."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "packs"
    return inside if inside.is_dir() else package.parent / "packs"


def load_packs(project: Path) -> dict[str, Pack]:
    """Return all packs by name; raises FaultError for a pack that cannot be read."""
    packs: dict[str, Pack] = {}
    for place in pack_places(project):
        for folder in _folders(place):
            if folder.name not in packs:
                packs[folder.name] = load_pack(folder)
    return packs


def pack_places(project: Path) -> tuple[Path, ...]:
    """Return the folders in which packs are looked for, the first of a name wins."""
    return (project / ".draft" / "packs", user_config_path("redraft") / "packs", built_in())


def load_pack(folder: Path) -> Pack:
    """Read the pack in a folder; raises FaultError when it is none."""
    if (folder / "pack.toml").is_file():
        from tui.scaffold.pack_toml import read_pack

        return read_pack(folder)
    if (folder / "Dockerfile").is_file():
        return Pack(folder.name, folder, "a pack of Draft's", builds_with_language=True)
    raise broken(folder, "it has neither pack.toml nor Dockerfile")


def pick(packs: Mapping[str, Pack], project: Path, name: str) -> Pack:
    """Return the pack of a name, or in the folder that `name` is a path to; raises FaultError."""
    if name in packs:
        return packs[name]
    folder = project / name
    if "/" in name and folder.is_dir():
        return load_pack(folder.resolve())
    raise FaultError(
        Fault(
            "pack-unknown",
            f"there is no pack {name!r}",
            kind="usage",
            evidence=tuple(f"{pack.name}: {pack.description}" for pack in packs.values()),
            remedy="choose one of these, or give the path of a folder that holds a pack",
        )
    )


def _folders(place: Path) -> Iterator[Path]:
    """Yield the folders that may be packs; a place that cannot be read counts as absent."""
    try:
        there = sorted(place.iterdir())
    except OSError:
        return
    for folder in there:
        if folder.is_dir() and not folder.name.startswith(("_", ".")):
            yield folder
