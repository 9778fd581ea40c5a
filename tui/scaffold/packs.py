"""Packs: what redraft knows of a language, read from `pack.toml` in a folder of its own.

Packs are looked for in the project's `.draft/packs`, in the user's pack folder, and among those
built in; the first of a name wins. A classic Draft pack (Dockerfile and charts/, no pack.toml)
works as it is: it is chosen by name, for it says nothing of detection.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from platformdirs import user_config_path

from tui.model.faults import Fault, FaultError

CHART = "_chart"
SAMPLE = "_sample"


@dataclass(frozen=True, slots=True)
class Rule:
    """A file that speaks for a pack."""

    file: str
    """A name at the top of the project, or a glob of names anywhere."""
    weight: int
    says: str


@dataclass(frozen=True, slots=True)
class Framework:
    """A way of starting projects of a language."""

    name: str
    file: str
    contains: re.Pattern[str]
    """Found in the file; its named groups can be used in the command."""
    weight: int
    command: str = ""
    port: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """A local build step; `needs` and `unless` name files that must, or must not, be there."""

    name: str
    command: tuple[str, ...]
    manifests: tuple[str, ...]
    needs: str = ""
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """One pack."""

    name: str
    folder: Path
    description: str = ""
    port: int = 8080
    builds_with_language: bool = False
    """It only says how to start: the language found beside it says how to build."""
    rules: tuple[Rule, ...] = ()
    frameworks: tuple[Framework, ...] = ()
    steps: tuple[Step, ...] = ()
    env: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    links: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def classic(self) -> bool:
        """Whether it is one of Draft's own, without a pack.toml."""
        return not (self.folder / "pack.toml").is_file()

    def file(self, name: str) -> str | None:
        """Return the text of a file of the pack, None when it has none."""
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.is_file() else None


def built_in() -> Path:
    """Return the folder of the packs built in: beside the package, or inside of the wheel."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "packs"
    return inside if inside.is_dir() else package.parent / "packs"


def load_packs(project: Path) -> dict[str, Pack]:
    """Return all packs by name; raises FaultError for a pack that cannot be read."""
    packs: dict[str, Pack] = {}
    places = (project / ".draft" / "packs", user_config_path("redraft") / "packs", built_in())
    for place in places:
        for folder in sorted(place.iterdir()) if place.is_dir() else ():
            if folder.is_dir() and not folder.name.startswith(("_", ".")):
                packs.setdefault(folder.name, load_pack(folder))
    return packs


def load_pack(folder: Path) -> Pack:
    """Read the pack in a folder; raises FaultError when it is none."""
    path = folder / "pack.toml"
    if not path.is_file():
        if (folder / "Dockerfile").is_file():
            return Pack(folder.name, folder)
        raise FaultError(_broken(folder, "it has neither pack.toml nor Dockerfile"))
    try:
        return _pack(folder, tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, re.error) as error:
        raise FaultError(_broken(path, str(error))) from error


def _pack(folder: Path, table: Mapping[str, Any]) -> Pack:
    return Pack(
        name=folder.name,
        folder=folder,
        description=table.get("description", ""),
        port=table.get("port", 8080),
        builds_with_language=table.get("builds-with-language", False),
        rules=tuple(Rule(**rule) for rule in table.get("rule", ())),
        frameworks=tuple(_framework(one) for one in table.get("framework", ())),
        steps=tuple(_step(one) for one in table.get("step", ())),
        env=dict(table.get("env", {})),
        links=dict(table.get("links", {})),
    )


def _framework(table: Mapping[str, Any]) -> Framework:
    return Framework(**{**table, "contains": re.compile(table["contains"], re.MULTILINE)})


def _step(table: Mapping[str, Any]) -> Step:
    lists = {key: tuple(table[key]) for key in ("command", "manifests")}
    return Step(**{**table, **lists})


def _broken(path: Path, why: str) -> Fault:
    return Fault(
        "pack-invalid",
        f"the pack {path.name if path.is_dir() else path.parent.name} cannot be used",
        kind="usage",
        place=str(path),
        evidence=(why,),
        remedy="correct it, or choose another with --pack",
    )
