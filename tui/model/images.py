"""Images: what a build makes. For the local backend an image is a snapshot of the build context."""

from tui.model.frozen import frozen


@frozen
class Image:
    """A built, immutable version of the project."""

    name: str
    tag: str
    """The first 20 bytes of the context's SHA-256 in hex, as Draft had it."""
    digest: str = ""
    """The registry's digest where there is one; empty for snapshots."""
    cached: bool = False
    """True when nothing had to be built."""
    size: int = 0
    """Bytes this build added to the disk."""

    @property
    def reference(self) -> str:
        """`name:tag`, as shown to users."""
        return f"{self.name}:{self.tag}"

    @property
    def pulled(self) -> str:
        """What a cluster pulls: by digest where there is one."""
        return f"{self.name}@{self.digest}" if self.digest else self.reference


MARKS = {"added": "+", "deleted": "-"}


@frozen
class FileDifference:
    """How one file differs between two images."""

    path: str
    kind: str
    """`added`, `modified` or `deleted`, seen from the older image to the newer."""
    diff: str = ""
    """Unified diff; empty for binary or very large files."""

    @property
    def mark(self) -> str:
        """What happened to it, in one character."""
        return MARKS.get(self.kind, "~")

    @property
    def rows(self) -> list[str]:
        """The lines of its diff, without the two that name the files."""
        return self.diff.rstrip("\n").split("\n")[2:] if self.diff else []


@frozen
class SettingDifference:
    """How one setting differs between two releases."""

    key: str
    old: str
    new: str


@frozen
class ReleaseDifference:
    """What going from one release to another changes."""

    files: tuple[FileDifference, ...] = ()
    settings: tuple[SettingDifference, ...] = ()
