"""Places: where the supervisor of an environment is found.

Paths of unix sockets are limited to 104 bytes on macOS, so the socket lies in a short folder of the
user's own below the folder for temporary files, named by a hash of the state folder. That folder
must be ours and closed to others, else it is not used.
"""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from tui.model.faults import Fault, FaultError

SOCKET_LIMIT = 100


def environment_id(state: Path) -> str:
    """Return the short name of an environment on this machine."""
    return hashlib.sha256(os.fsencode(state.absolute())).hexdigest()[:16]


def socket_path(state: Path) -> Path:
    """Return the path of the socket, without making anything."""
    name = f"{environment_id(state)}.sock"
    path = Path(tempfile.gettempdir()) / f"redraft-{os.getuid()}" / name
    if len(os.fsencode(path)) > SOCKET_LIMIT:
        return Path("/tmp") / path.parent.name / name  # the usual place is too deep for a socket
    return path


def private_folder(folder: Path) -> None:
    """Make a folder for the user alone, or check that it is one; raises FaultError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    if ours and not stat.S_IMODE(found.st_mode) & 0o077:
        return
    raise FaultError(
        Fault(
            "socket-folder-unsafe",
            "the folder for the supervisor's socket is not ours alone",
            evidence=(str(folder), stat.filemode(found.st_mode), f"owner {found.st_uid}"),
            remedy=f"remove {folder} or set TMPDIR to a folder of your own",
        )
    )
