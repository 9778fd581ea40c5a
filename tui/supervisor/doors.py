"""Doors: links beside the supervisor's socket by which a project's folder itself leads to it.

The socket is named by a hash of the state folder, which takes redraft a while to find out. A door
is named by what one call of the system tells of the project's folder. It is there while the witness
has something to say, and what it says is checked by the question, not by the name.
"""

import contextlib
import os
import stat


def door_name(project: str, environment: str) -> str:
    """Return the name of a project's door; raises OSError when the folder is gone."""
    found = os.stat(project)  # noqa: PTH116 - pathlib takes longer to import than all else here
    return f"{found.st_dev:x}-{found.st_ino:x}-{environment}"


def find_door(project: str, environment: str) -> str:
    """Return the path of a door, in the user's own folder; raises OSError when there is none."""
    folder = f"{os.environ.get('TMPDIR') or '/tmp'}/redraft-{os.getuid()}"
    found = os.lstat(folder)
    if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise PermissionError(folder)
    return f"{folder}/{door_name(project, environment)}"


def mounts_seen() -> int:
    """Return which set of mounts this process sees: in a container a path may lead elsewhere.

    Raises OSError where the system knows no such thing.
    """
    return os.stat("/proc/self/ns/mnt").st_ino  # noqa: PTH116 - as above


def open_door(door: str, socket: str) -> None:
    """Make a door lead to a socket of the same folder; raises OSError."""
    fresh = f"{door}.new"
    if os.path.lexists(fresh):
        os.unlink(fresh)  # noqa: PTH108 - as above
    os.symlink(os.path.basename(socket), fresh)  # noqa: PTH119, PTH211 - as above
    os.replace(fresh, door)  # noqa: PTH105 - as above


def close_doors(socket: str) -> None:
    """Remove the doors that lead to a socket, as one that was killed leaves them behind."""
    folder, _, name = socket.rpartition("/")
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_symlink() and os.readlink(entry) == name:  # noqa: PTH115 - as above
                os.unlink(entry)  # noqa: PTH108 - as above
