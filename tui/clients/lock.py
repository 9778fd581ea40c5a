"""File locks: `flock`, so that the kernel frees them when their holder dies however it dies."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui.clients.disk import disk_faults


class FileLock:
    """A lock on a file; implements `tui.ports.locking.Lock`.

    It is taken once at a time, by tasks of one process as by two processes: what settles what an
    earlier redraft left must neither write beside an iteration nor take the lock away from it.
    The file holds the holder's process id for others to read. It goes only with the state of an
    environment that is deleted, whoever has it open then: so a lock counts only on the file that
    has its name, and one may be lost while it is held.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock if it is free, and return whether it was; raises FaultError."""
        if self._descriptor is not None:
            return False
        with disk_faults("taking the lock", self._path):
            descriptor = self._descriptor = _locked(self._path)
        if descriptor is None:
            return False
        if self.lost():  # between the two calls
            self.release()
            return self.acquire()
        with contextlib.suppress(OSError):  # on a full disk it is held, only not told by whom
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        return True

    def lost(self) -> bool:
        """Whether it is held on a file that was removed, so that others may hold it as well."""
        if self._descriptor is None:
            return False
        try:
            return not os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        except OSError:  # what cannot be looked at is not what others find there
            return True

    def descriptor(self) -> int | None:
        """Take the lock and return its file, for a child that is to hold it too; None if taken."""
        return self._descriptor if self.acquire() else None

    def release(self) -> None:
        """Give it back; does nothing when it is not held."""
        if self._descriptor is None:
            return
        os.close(self._descriptor)
        self._descriptor = None

    def holder(self) -> str:
        """Say who holds it, by the process id in the file where it is not held by this object."""
        try:
            text = self._path.read_text().strip()
        except OSError:
            text = ""
        if self._descriptor is not None or text == str(os.getpid()):
            return "this redraft itself"
        return f"another redraft (process {text})" if text.isdigit() else "another redraft"


def _locked(path: Path) -> int | None:
    """Return the lock's file, locked; None where another holds the lock. Raises OSError."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:  # who holds it just removes the folder with it
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def taken_if_free(path: Path) -> Iterator[bool]:
    """Tell whether the lock was free, and hold it then while the `with` lasts."""
    lock = FileLock(path)
    free = lock.acquire()
    try:
        yield free
    finally:
        lock.release()
