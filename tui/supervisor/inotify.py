"""inotify, as much of it as a witness needs: whether anything at all happened since it began.

The kernel queues an event before the call that caused it returns, so that a read without waiting
sees whatever was done before. What happened is not looked at, a queue that ran over and a watch
that was lost are events too. The packages for inotify on PyPI (asyncinotify, inotify_simple) make
an object of every event and keep one for every watch; here one bit is wanted, of many folders.
"""

import ctypes
import errno
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

MODIFY, ATTRIB, CLOSE_WRITE = 0x2, 0x4, 0x8
MOVED_FROM, MOVED_TO, CREATE, DELETE, DELETE_SELF, MOVE_SELF = (
    0x40,
    0x80,
    0x100,
    0x200,
    0x400,
    0x800,
)
DONT_FOLLOW = 0x02000000
CHANGES = (
    (MODIFY | ATTRIB | CLOSE_WRITE)
    | (MOVED_FROM | MOVED_TO | CREATE | DELETE | DELETE_SELF | MOVE_SELF)
    | DONT_FOLLOW
)
LONGEST_EVENT = 4096
MOST_WATCHES = Path("/proc/sys/fs/inotify/max_user_watches")
SHARE = 4
"""One part in so many of what the system lets a user watch is ours at most."""


class Inotify:
    """Watches folders and files, never a link's target; raises OSError where that cannot be."""

    def __init__(self) -> None:
        self.descriptor: int = _checked(_libc().inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))

    def watch(self, paths: Sequence[str]) -> None:
        """Watch these; raises OSError for one that is gone, and when there are too many."""
        if len(paths) > int(MOST_WATCHES.read_text()) // SHARE:
            raise OSError(errno.ENOSPC, "too many folders to watch them all")
        add, descriptor = _libc().inotify_add_watch, self.descriptor
        for path in paths:
            _checked(add(descriptor, os.fsencode(path), CHANGES), path)

    def silent(self) -> bool:
        """Whether nothing has happened; False once something has."""
        try:
            os.read(self.descriptor, LONGEST_EVENT)
        except BlockingIOError:
            return True
        return False

    def close(self) -> None:
        """Watch nothing any more. Takes a moment where much was watched."""
        os.close(self.descriptor)


@cache
def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int, path: str = "") -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), path)
    return result
