"""Retention: the oldest lines go when there are too many or they are too old."""

import sqlite3
import time

from tui.model.frozen import frozen

STEP = 50
"""Blocks deleted at a time, so that writing never waits long."""
PAGES = 2_000
"""Pages given back to the file system at a time."""
DAY = 86_400 * 10**9


@frozen
class Limits:
    """How much is kept."""

    size: int = 512 << 20
    """Bytes of the database."""
    days: float = 14.0


def prune(connection: sqlite3.Connection, limits: Limits) -> bool:
    """Delete one step's worth of what is beyond the limits; return whether there is more to do."""
    oldest_kept = time.time_ns() - int(limits.days * DAY)
    deleted = connection.execute(
        "DELETE FROM blocks WHERE first IN "
        "(SELECT first FROM blocks WHERE newest < ? ORDER BY first LIMIT ?)",
        (oldest_kept, STEP),
    ).rowcount
    if not deleted and used(connection) > limits.size:
        deleted = connection.execute(
            "DELETE FROM blocks WHERE first IN (SELECT first FROM blocks ORDER BY first LIMIT ?) "
            "AND first < (SELECT max(first) FROM blocks)",
            (STEP,),
        ).rowcount
    if deleted:
        connection.execute(f"PRAGMA incremental_vacuum({PAGES})").fetchall()
    return deleted > 0


def used(connection: sqlite3.Connection) -> int:
    """Return the bytes that lines take, free pages left out."""
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    total: int = (pages - free) * size
    return total
