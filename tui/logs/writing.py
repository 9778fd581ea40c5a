"""Writing lines: one transaction for lines and positions together. Runs on the writer's thread."""

import sqlite3
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tui.logs.blocks import FULL, Packed, pack, unpack
from tui.logs.levels import level_of
from tui.logs.sanitise import sanitise_all
from tui.model.loglines import LogOrigin, LogRecord, LogRun

INSERT = "INSERT OR REPLACE INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
NEWEST = "SELECT first, last, text, times, origins, levels FROM blocks ORDER BY first DESC LIMIT 1"
JOINED = 500
"""Lines up to which the newest block is added to; what is rewritten each time stays small."""
JOINED_SIZE = 128 << 10
LARGEST = 1 << 20
"""Characters of a block beyond which another is begun, however few lines it has."""


@dataclass(slots=True)
class Lines:
    """Lines on their way into blocks, column by column."""

    messages: list[str]
    times: "array[int]"
    origins: "array[int]"
    levels: bytes

    def __add__(self, others: "Lines") -> "Lines":
        return Lines(
            self.messages + others.messages,
            self.times + others.times,
            self.origins + others.origins,
            self.levels + others.levels,
        )


NONE = Lines([], array("q"), array("I"), b"")


class Writer:
    """Puts records into one open database."""

    def __init__(self, connection: sqlite3.Connection, first: int = 1) -> None:
        """Write with ids from `first` on, or from where the database is if that is further."""
        self._connection = connection
        connection.execute("UPDATE counter SET next = max(next, ?)", (first,))
        self._origins: dict[LogOrigin, int] = {}

    def write(self, parts: Iterable[Sequence[LogRecord]], positions: Mapping[str, str]) -> None:
        """Commit lines and positions as one; raises sqlite3.Error and then has written nothing."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            if records := [part for part in parts if part]:
                self._insert(records)
            self._connection.executemany(
                "INSERT OR REPLACE INTO positions VALUES (?, ?)", positions.items()
            )
            self._connection.execute("COMMIT")
        except BaseException:
            self._origins.clear()
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def next_id(self) -> int:
        """Return the id of the line to come."""
        number: int = self._connection.execute("SELECT next FROM counter").fetchone()[0]
        return number

    def _insert(self, parts: Iterable[Sequence[LogRecord]]) -> None:
        first = self.next_id()
        lines = sum(map(self._lines, parts), NONE)
        self._connection.execute("UPDATE counter SET next = ?", (first + len(lines.messages),))
        start = first
        if len(lines.messages) <= JOINED:
            start, lines = self._joined(first, lines)
        self._connection.executemany(INSERT, _blocks(start, lines))

    def _lines(self, records: Sequence[LogRecord]) -> Lines:
        """Return what is stored of records; most of the work is one call for all of them."""
        if isinstance(records, LogRun):
            messages = sanitise_all(records.messages)
            numbers = array("I", [self._origin(records.origin)]) * len(records)
            marks = records.origin.stream == "marker"
            levels = bytes(len(records)) if marks else bytes(map(level_of, messages))
            return Lines(messages, array("q", records.times), numbers, levels)
        said_by = [record[1:6] for record in records]
        known = {one: self._origin(LogOrigin._make(one)) for one in dict.fromkeys(said_by)}
        messages = sanitise_all([record.message for record in records])
        levelled = zip(map(level_of, messages), said_by, strict=True)
        return Lines(
            messages,
            array("q", [record.time for record in records]),
            array("I", [known[one] for one in said_by]),
            bytes(0 if one[-1] == "marker" else level for level, one in levelled),
        )

    def _origin(self, origin: LogOrigin) -> int:
        known = self._origins.get(origin)
        if known is None:
            known = self._find_origin(origin)
            self._origins[origin] = known
        return known

    def _find_origin(self, origin: LogOrigin) -> int:
        self._connection.execute(
            "INSERT OR IGNORE INTO origins (revision, pod, container, restart, stream) "
            "VALUES (?, ?, ?, ?, ?)",
            origin,
        )
        row = self._connection.execute(
            "SELECT id FROM origins WHERE (revision, pod, container, restart, stream) "
            "= (?, ?, ?, ?, ?)",
            origin,
        ).fetchone()
        number: int = row[0]
        return number

    def _joined(self, first: int, lines: Lines) -> tuple[int, Lines]:
        """Return the newest block with the lines added, while it is not full and no id is missing.

        So a trickle of lines fills blocks too, instead of leaving one of a line each.
        """
        row = self._connection.execute(NEWEST).fetchone()
        if row is None or row[1] != first - 1:
            return first, lines
        if len(row[5]) >= JOINED or len(row[2]) >= JOINED_SIZE:
            return first, lines
        block = unpack(row[0], *row[2:])
        return block.first, Lines(block.messages, block.times, block.origins, block.levels) + lines


def _blocks(first: int, lines: Lines) -> list[Packed]:
    """Cut lines into blocks."""
    return [
        pack(
            first + start,
            lines.messages[start:stop],
            lines.times[start:stop],
            lines.origins[start:stop],
            lines.levels[start:stop],
        )
        for start, stop in _cuts(lines.messages)
    ]


def _cuts(messages: list[str]) -> list[tuple[int, int]]:
    """Return where each block begins and ends: bounded in lines and in characters."""
    cuts, start, size = [], 0, 0
    for at, message in enumerate(messages):
        if at - start >= FULL or (size + len(message) > LARGEST and at > start):
            cuts.append((start, at))
            start, size = at, 0
        size += len(message)
    return [*cuts, (start, len(messages))] if messages else cuts
