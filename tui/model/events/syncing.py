"""Files copied into running containers instead of a turn of the loop."""

from tui.model.faults import Fault
from tui.model.frozen import frozen
from tui.model.synced import Incarnation


@frozen
class SyncStarted:
    """Saved files are copied into what runs, in place of an iteration."""

    revision: int
    paths: tuple[str, ...]


@frozen
class FilesSynced:
    """The files are in all containers of the revision; they are in no image."""

    revision: int
    paths: tuple[str, ...]
    into: tuple[Incarnation, ...]
    seconds: float
    """Since the save."""


@frozen
class SyncFailed:
    """The files could not be copied into all containers: an iteration takes them up."""

    revision: int
    fault: Fault


@frozen
class SyncedFilesLost:
    """Pods run without the files synced, having been started since: an iteration takes them up."""

    revision: int
    paths: tuple[str, ...]
    pods: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What is told of it."""
        files = "the file" if len(self.paths) == 1 else f"the {len(self.paths)} files"
        pods = self.pods[0] if len(self.pods) == 1 else f"{len(self.pods)} pods"
        return f"{pods} started without {files} synced: the tree has to be built"
