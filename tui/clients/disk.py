"""Trouble with the disk below the state folder, told as a fault."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui.model.faults import Fault, FaultError


@contextmanager
def disk_faults(doing: str, place: Path, code: str = "state-unwritable") -> Iterator[None]:
    """Turn an error of the disk while `doing` something into a fault.

    Its code is `disk-full` where there is no room, else `code`.
    """
    try:
        yield
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        raise FaultError(
            Fault(
                "disk-full" if full else code,
                f"{doing} failed: {error.strerror}",
                evidence=(str(error.filename or place),),
                remedy="free some space" if full else "make the state folder writable",
            )
        ) from error
