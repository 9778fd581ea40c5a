"""Mounts: which file systems a tree lies on, and whether their changes can be seen by this kernel.

Files of a network or a virtual machine's host are changed by others, and inotify tells nothing of
that; nor does it tell that something was mounted over a watched folder.
"""

import os
from pathlib import Path

TABLE = Path("/proc/self/mountinfo")
SEEN = frozenset(
    {"bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "ramfs", "tmpfs", "xfs", "zfs"}
)
"""File systems that only this kernel changes."""


def mounts_of(folder: str) -> tuple[bytes, ...]:
    """Return what is mounted above, at and below a folder, in the words of the system.

    Raises OSError where the system has no such table.
    """
    return tuple(
        line for line in TABLE.read_bytes().splitlines() if _concerns(_point(line), folder)
    )


def all_seen(mounts: tuple[bytes, ...], folder: str) -> bool:
    """Whether every change in a folder is made by way of this kernel."""
    above = [line for line in mounts if not _below(_point(line), folder)]
    below = [line for line in mounts if _below(_point(line), folder)]
    # of mounts one above the other the last is seen
    holding = max(reversed(above), key=lambda line: len(_point(line)), default=b"")
    return all(_kind(line) in SEEN for line in (holding, *below))


def _point(line: bytes) -> str:
    """Return where something is mounted; blanks and the like are told by octal escapes."""
    return os.fsdecode(line.split(b" ", 5)[4].decode("unicode_escape").encode("latin-1"))


def _kind(line: bytes) -> str:
    return line.partition(b" - ")[2].partition(b" ")[0].decode()


def _concerns(point: str, folder: str) -> bool:
    return _below(point, folder) or _below(folder, point) or point == folder


def _below(path: str, folder: str) -> bool:
    return path != folder and path.startswith(folder.rstrip("/") + "/")
