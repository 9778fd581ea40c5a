"""Files to be copied into a container, as a tar that is unpacked at its root.

Only plain files below the project are taken: a link might lead out of it, and what it leads to in
the container is another thing. Modes are those that an image's files have (0644 or 0755), and all
belongs to root, as there. Folders are made where they are missing and otherwise left as they are.
"""

import io
import os
import stat
import tarfile
from collections.abc import Iterable
from pathlib import Path

from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.model.syncing import SyncFile

LARGEST = 8 << 20
"""Bytes of all files together: to build an image is as fast for more."""


@frozen
class SyncArchive:
    """What is to be done in a container."""

    tar: bytes
    """Empty where only files are removed."""
    removed: tuple[str, ...]
    """Absolute paths in the container."""


def sync_archive(project: Path, files: Iterable[SyncFile]) -> SyncArchive:
    """Read the files as they are now; those not there are to be removed. Blocking.

    Raises FaultError for what is no plain file of the project, and for too much.
    """
    made, removed, left = io.BytesIO(), [], LARGEST
    with tarfile.open(fileobj=made, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for file in files:
            content = _content(project, file.path, left)
            if content is None:
                removed.append(file.target)
                continue
            info, data = content
            left -= info.size
            info.name = file.target.lstrip("/")
            tar.addfile(info, io.BytesIO(data))
        some = bool(tar.getmembers())
    return SyncArchive(made.getvalue() if some else b"", tuple(removed))


def _content(project: Path, path: str, most: int) -> tuple[tarfile.TarInfo, bytes] | None:
    """Return a file's entry and content, None for one that is not there."""
    folder = (project / path).parent
    if folder.resolve() != project.resolve() / Path(path).parent:
        raise FaultError(_no_plain_file(path))
    try:
        file = open(project / path, "rb", opener=_opened)  # noqa: SIM115 - Path has no opener
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise FaultError(_no_plain_file(path)) from error
    with file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise FaultError(_no_plain_file(path))
        data = file.read(most + 1)
    if len(data) > most:
        raise FaultError(_too_large(path))
    info = tarfile.TarInfo()
    info.size, info.mtime = len(data), int(status.st_mtime)
    info.mode = 0o755 if status.st_mode & stat.S_IXUSR else 0o644
    return info, data


def _opened(path: str, flags: int) -> int:
    """Open what may have become a link or a pipe meanwhile; raises OSError for a link."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _no_plain_file(path: str) -> Fault:
    return Fault(
        "sync-no-file",
        f"{path} is no plain file that can be read, and so is not synced",
        place=path,
        remedy="nothing need be done: the tree is built instead",
    )


def _too_large(path: str) -> Fault:
    return Fault(
        "sync-too-large",
        f"the saved files have more than {LARGEST >> 20} MiB together, too much to sync",
        place=path,
        remedy="nothing need be done: the tree is built instead",
    )
