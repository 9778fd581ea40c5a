"""A pack: what redraft knows of a language, its files in a folder of its own."""

import re
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from types import MappingProxyType

from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen

ANYTHING = re.compile("")


@frozen
class Rule:
    """Something in the project that speaks for a pack: a file, or a dependency."""

    weight: int
    says: str
    file: str = ""
    """A path from the top of the project, or a glob of names anywhere."""
    contains: re.Pattern[str] = ANYTHING
    """Found in the file."""
    lacks: re.Pattern[str] | None = None
    """Not found in the file."""
    depends: str = ""
    """Named by one of the project's manifests."""


@frozen
class Framework:
    """A way of starting projects of a language."""

    name: str
    file: str
    weight: int
    contains: re.Pattern[str] = ANYTHING
    """Found in the file; its named groups can be used in the command."""
    lacks: re.Pattern[str] | None = None
    """Not found in the file."""
    depends: str = ""
    """A dependency without which it is not this framework."""
    command: str = ""
    """Shell text; PORT says where to listen, HOST on what address (127.0.0.1 unless set).

    `{file}`, `{folder}` and `{module}` name the file, `{imports}` stands before a Python module.
    """
    port: int = 0
    serves: re.Pattern[str] = ANYTHING
    """Found in the file of a project that opens a port; others are scripts that serve nothing."""
    extras: tuple[str, ...] = ()
    """Packages it needs, installed where the project does not name them itself."""


@frozen
class Step:
    """A build step, taken when the project has what it needs.

    Words `{requirements}` and `{extras}` of the command are replaced by what pyproject.toml or
    setuptools' files name and by the framework's extras.
    """

    name: str
    command: tuple[str, ...]
    manifests: tuple[str, ...] = ()
    """Files it depends on; without any it builds the project itself, at every revision."""
    local_manifests: tuple[str, ...] = ()
    """More of them, or globs, where revisions share a folder: what changes that folder by them."""
    needs: str = ""
    """A file that must be there."""
    contains: re.Pattern[str] = ANYTHING
    """Found in the file that must be there."""
    unless: str = ""
    """A file that must not be there."""
    scripts: tuple[str, ...] = ()
    """Scripts of package.json, one of which must be there."""
    runs: str = ""
    """The script of package.json that it runs: left out without one that does something new."""
    prepares: bool = False
    """It only makes room for the steps after it, and is left out when none follows."""
    image: str = ""
    """What the Dockerfile says after RUN for it; empty for nothing."""


@frozen
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
    sync: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Rules of `sync` for its image; `@folder@` is the folder of the file that is started."""

    @property
    def classic(self) -> bool:
        """Whether it is one of Draft's own, without a pack.toml."""
        return not (self.folder / "pack.toml").is_file()

    def text(self, path: Path) -> str:
        """Return the text of one of the pack's files; raises FaultError."""
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise broken(path, str(error)) from error

    def file(self, name: str) -> str | None:
        """Return the text of a file of the pack, None when it has none; raises FaultError."""
        path = self.folder / name
        return self.text(path) if path.is_file() else None


def broken(path: Path, why: str) -> FaultError:
    """Return what to raise for a pack that cannot be used."""
    return FaultError(
        Fault(
            "pack-invalid",
            f"the pack {path.name if path.is_dir() else path.parent.name} cannot be used",
            kind="usage",
            place=str(path),
            evidence=(why,),
            remedy="correct it, or choose another with --pack",
        )
    )
