"""Strays: processes of an app that left its process group, found by session or by marker.

Every process we start carries `REDRAFT_REPLICA=<environment>/<pod>` in its environment, and so do
its children however they detach themselves. A stray is only ever signalled through psutil, which
checks by the start time that the process id was not given to another process meanwhile.
"""

import contextlib
import os
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

MARKER = "REDRAFT_REPLICA"


KILLED = 2.0
"""Seconds in which what was killed is gone, also on a busy machine."""


def end_strays(marker: str | tuple[str, ...], session: int = 0, patience: float = 2.0) -> int:
    """End the processes whose marker begins with `marker`, one of several, or that of `session`.

    Each gets SIGTERM, and SIGKILL after `patience` seconds. Blocking. Returns how many there were.
    """
    import psutil

    strays = [process for process in psutil.process_iter() if _strayed(process, marker, session)]
    for process in strays:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    for process in _outlasting(strays, patience):
        with contextlib.suppress(psutil.Error):
            process.kill()
    _outlasting(strays, max(patience, KILLED))
    return len(strays)


def in_session(pid: int, session: int) -> bool:
    """Whether a process belongs to a session, which has the process id of its leader."""
    try:
        return os.getsid(pid) == session
    except (ProcessLookupError, PermissionError):
        return False


def _outlasting(processes: "list[psutil.Process]", seconds: float) -> "list[psutil.Process]":
    """Wait until they have ended; return those that have not after so many seconds."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while alive := [process for process in processes if _alive(process)]:
        if time.monotonic() > deadline:
            break
        pause.wait(0.02)
    return alive


def _alive(process: "psutil.Process") -> bool:
    """Whether it runs; a zombie, which only waits for its parent to look, does not."""
    import psutil

    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _strayed(process: "psutil.Process", marker: str | tuple[str, ...], session: int) -> bool:
    import psutil

    if process.pid == os.getpid():
        return False
    if session and in_session(process.pid, session):
        return True
    try:
        value: str = process.environ().get(MARKER, "")
    except (psutil.Error, OSError):
        return False
    return value.startswith(marker)
