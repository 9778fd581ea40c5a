"""Opening the database to write to it, while another redraft may be deleting the environment.

A deletion removes the whole state folder and waits for nobody who only keeps logs. What it takes
away between two steps of ours is made anew: that is over as soon as the deletion is. Once open, the
store looks before each write whether the database is still in its place.
"""

import contextlib
import shutil
import sqlite3
import time
from pathlib import Path

from tui.logs.schema import Database, open_for_writing
from tui.logs.writing import Writer

DELETED_WITHIN = 2.0
"""Seconds for which an error may be another redraft's deletion: it removes a few files."""
PAUSE = 0.01
LEAST = 64 << 10
"""Bytes that a disk has at least which is not full."""
TAKEN_AWAY = frozenset(
    {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY_DBMOVED}
)
"""What SQLite says when its files, or their folder, are gone; a failing disk may say the same."""


def open_store(path: Path, first: int) -> tuple[Database, Writer]:
    """Open the database, to write with ids from `first` on.

    Raises sqlite3.Error, OSError, FaultError.
    """
    deadline = time.monotonic() + DELETED_WITHIN
    while True:
        try:
            return _opened(path, first)
        except (sqlite3.Error, OSError) as error:
            late = time.monotonic() > deadline
            if late or not _may_be_deletion(error) or is_full(path.parent):
                raise
        time.sleep(PAUSE)  # noqa: TID251 - the caller waits for the disk anyway


def is_full(folder: Path) -> bool:
    """Whether there is not even room for SQLite's index: it calls that a disk I/O error."""
    with contextlib.suppress(OSError):
        return shutil.disk_usage(folder).free < LEAST
    return False


def _opened(path: Path, first: int) -> tuple[Database, Writer]:
    database = open_for_writing(path)
    try:
        return database, Writer(database.connection, first)
    except BaseException:
        database.connection.close()
        raise


def _may_be_deletion(error: Exception) -> bool:
    if isinstance(error, OSError):
        return isinstance(error, FileNotFoundError)
    code = getattr(error, "sqlite_errorcode", 0)
    return bool({code, code & 0xFF} & TAKEN_AWAY)
