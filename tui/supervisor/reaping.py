"""Reaping: the exit statuses of all our children, those adopted from a daemon included."""

import asyncio
import os
import signal


class Reaper:
    """Collects every child that ends and tells who waits for it.

    Nothing else in this process may wait for children: statuses would get lost.
    """

    def __init__(self) -> None:
        self._waiting: dict[int, asyncio.Future[int]] = {}

    def start(self) -> None:
        """Begin to listen for SIGCHLD on the running loop."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, self.reap)

    def watch(self, pid: int) -> asyncio.Future[int]:
        """Return a future of the wait status; call it before the loop runs on after the start."""
        ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting[pid] = ended
        return ended

    def reap(self) -> None:
        """Collect all children that have ended."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            ended = self._waiting.pop(pid, None)
            if ended is not None and not ended.done():
                ended.set_result(status)


def adopt_orphans() -> None:
    """Become the parent of what an app's processes leave behind, where the system can (Linux).

    Elsewhere such processes are found by their marker alone.
    """
    import ctypes
    import sys

    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
