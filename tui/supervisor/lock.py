"""The lock that makes the supervisor of an environment the only one: `flock` on a file of its own.

The system frees it when its holder dies, however it dies; so it also tells whether one lives.
"""

import fcntl
import os
from pathlib import Path

NAME = "supervisor.lock"


def take(state: Path) -> int | None:
    """Take the lock for the life of this process; None when another one holds it."""
    descriptor = os.open(state / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def held(state: Path) -> bool:
    """Whether a living supervisor holds the lock."""
    try:
        descriptor = os.open(state / NAME, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
