"""The database: its tables, its version, and opening it.

`blocks` holds the lines (see `blocks.py`), `origins` who said them, `positions` how far each source
was read: committed together with the lines, so that none is lost and none comes twice. `counter`
keeps the next id over prunings, so that none is ever used again.
"""

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import NamedTuple

from tui.model.faults import Fault, FaultError

VERSION = 1
BUSY = 10.0
"""Seconds to wait for another process's transaction."""

TABLES = """
CREATE TABLE blocks (
    first INTEGER PRIMARY KEY, last INTEGER NOT NULL, oldest INTEGER NOT NULL,
    newest INTEGER NOT NULL, levels_in INTEGER NOT NULL,
    text TEXT NOT NULL, times BLOB NOT NULL, origins BLOB NOT NULL, levels BLOB NOT NULL
);
CREATE TABLE origins (
    id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, pod TEXT NOT NULL, container TEXT NOT NULL,
    restart INTEGER NOT NULL, stream TEXT NOT NULL,
    UNIQUE (revision, pod, container, restart, stream)
);
CREATE TABLE positions (source TEXT PRIMARY KEY, position TEXT NOT NULL);
CREATE TABLE counter (next INTEGER NOT NULL);
INSERT INTO counter VALUES (1);
"""


class Database(NamedTuple):
    """A database that is open, and the number of its file."""

    connection: sqlite3.Connection
    inode: int


def open_for_writing(path: Path) -> Database:
    """Open the database, making it where there is none.

    Raises sqlite3.Error, OSError, and `FaultError` for one of a newer redraft, which is left as it
    is. A damaged one is set aside under another name and a new one begun.
    """
    try:
        return _opened(path)
    except sqlite3.DatabaseError as error:
        if not damaged(error):
            raise
        set_aside(path)
        return _opened(path)


def damaged(error: Exception) -> bool:
    """Whether an error says that the file is no database, or not a whole one."""
    return getattr(error, "sqlite_errorcode", 0) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def set_aside(path: Path) -> None:
    """Give a damaged database another name, for whoever wants to look at it."""
    path.replace(path.with_name(f"{path.name}.damaged"))
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


class ReadConnection(sqlite3.Connection):
    """Closed with the last reference to it: every thread has its own, and ends as it likes."""

    def __del__(self) -> None:
        with contextlib.suppress(sqlite3.ProgrammingError):  # it was never opened
            self.close()


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open the database read-only; raises sqlite3.OperationalError where there is none."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    return sqlite3.connect(
        uri, uri=True, timeout=BUSY, check_same_thread=False, factory=ReadConnection
    )


def _opened(path: Path) -> Database:
    inode = _made(path)  # asked before: another redraft may put its own in this place at any time
    return Database(_prepared(path), inode)


def _made(path: Path) -> int:
    """Make the file where there is none, and return its number."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        return os.fstat(descriptor).st_ino
    finally:
        os.close(descriptor)


def _prepared(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY, isolation_level=None, check_same_thread=False)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise FaultError(_newer(path, version))
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA journal_size_limit = 16777216")
        connection.execute("PRAGMA journal_mode = WAL")  # the next statement opens the log by name
        if version == 0:
            _create(connection)
        connection.execute("SELECT * FROM positions").fetchall()
        connection.execute("SELECT * FROM blocks ORDER BY first DESC LIMIT 1").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _create(connection: sqlite3.Connection) -> None:
    """Make the tables, unless another process was faster."""
    connection.execute("BEGIN IMMEDIATE")
    with contextlib.closing(connection.execute("PRAGMA user_version")) as cursor:
        made = cursor.fetchone()[0]
    if not made:
        for statement in TABLES.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def _newer(path: Path, version: int) -> Fault:
    return Fault(
        "logs-newer-version",
        f"the log database was written by a newer redraft (format {version}, this one knows "
        f"{VERSION})",
        kind="usage",
        evidence=(str(path),),
        remedy="use that redraft, or move the file away to begin a new one",
    )
