"""Proposals: what `create` found in a project and would write into it."""

from typing import Literal

from tui.model.frozen import frozen


@frozen
class Clue:
    """One reason to choose a pack."""

    pack: str
    path: str
    """The file that said so."""
    says: str
    """What in it, such as `depends on flask`."""
    weight: int


@frozen
class Candidate:
    """A pack that fits, with the evidence for it."""

    pack: str
    framework: str
    weight: int
    clues: tuple[Clue, ...]


@frozen
class FilePlan:
    """A file that create would write."""

    path: str
    content: str
    existing: str | None = None
    """The present text where the file exists; None where it does not."""

    @property
    def differs(self) -> bool:
        """Whether writing it would change anything."""
        return self.existing != self.content


@frozen
class Proposal:
    """Everything create would do, before it does any of it."""

    name: str
    pack: str
    framework: str
    port: int
    command: str
    candidates: tuple[Candidate, ...]
    """Best first; the chosen one among them."""
    files: tuple[FilePlan, ...]
    notes: tuple[str, ...] = ()
    """Things the user should know, such as files that are taken as they are."""


Backend = Literal["local", "docker", "kubernetes"]


@frozen
class Target:
    """Where `create` means the project to run."""

    backend: Backend = "local"
    context: str = ""
    namespace: str = ""
    registry: str = ""
    manifests: bool = False
    """Whether plain manifests are written instead of a chart."""


LOCAL = Target()
