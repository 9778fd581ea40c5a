"""Splitting: from chunks as a pipe gives them to pieces that can stand alone. Pure.

Work is done by chunk, never by line, since a flood is 50,000 lines a second: of each chunk only the
first and the last line end are looked for. A piece holds whole lines, or one part of a line longer
than `LIMIT`; a line's unfinished rest is held back until its end comes, or until it is asked for
because it does not come: a prompt has none. Fed chunks are cut to at most `LIMIT` bytes, so that no
line inside a chunk can be longer.
"""

from typing import NamedTuple

LIMIT = 65_536
"""Bytes of a line kept together; a longer one is given in parts."""


class Piece(NamedTuple):
    """Bytes ready to be written: whole lines with their ends, or part of a line."""

    payload: bytes
    continues: bool = False
    """Its first line goes on where the piece before it stopped."""
    unfinished: bool = False
    """Its last line goes on in the next piece."""


class LineSplitter:
    """Cuts one stream into pieces; their payloads joined are what was fed."""

    def __init__(self) -> None:
        self._held = b""
        self._continues = False

    def feed(self, data: bytes) -> list[Piece]:
        """Take the next bytes and return the pieces they complete."""
        pieces: list[Piece] = []
        for start in range(0, len(data), LIMIT):
            self._take(data[start : start + LIMIT], pieces)
        return pieces

    def take_rest(self) -> list[Piece]:
        """Return the beginning of a line whose end does not come, once for each line.

        Once, for a line that grows dot by dot would become a line a dot.
        """
        at = len(self._held) - _torn(self._held)
        if self._continues or not at:
            return []
        held, self._held = self._held[:at], self._held[at:]
        return [self._piece(held, unfinished=True)]

    def close(self) -> list[Piece]:
        """Return the last line when it has no line end."""
        held, self._held = self._held, b""
        return [self._piece(held)] if held else []

    def _take(self, chunk: bytes, pieces: list[Piece]) -> None:
        first = chunk.find(b"\n") + 1
        if not first:
            self._held += chunk
            self._cut(pieces)
            return
        last = chunk.rfind(b"\n") + 1
        self._held += chunk[:first]
        self._cut(pieces)
        pieces.append(self._piece(self._held + chunk[first:last]))
        self._held = chunk[last:]

    def _cut(self, pieces: list[Piece]) -> None:
        while len(self._held) - self._held.endswith(b"\n") > LIMIT:
            at = _boundary(self._held)
            pieces.append(self._piece(self._held[:at], unfinished=True))
            self._held = self._held[at:]

    def _piece(self, payload: bytes, *, unfinished: bool = False) -> Piece:
        continues, self._continues = self._continues, unfinished
        return Piece(payload, continues, unfinished)


def _torn(line: bytes) -> int:
    """Return how many bytes at the end begin a UTF-8 character and do not end it."""
    for size, lead in enumerate(reversed(line[-3:]), start=1):
        if lead & 0xC0 != 0x80:
            return size if lead >= 0xC0 and size < 2 + (lead >= 0xE0) + (lead >= 0xF0) else 0
    return 0


def _boundary(line: bytes) -> int:
    """Return where to cut so that no UTF-8 character is cut in two."""
    for at in range(LIMIT, LIMIT - 4, -1):
        if line[at] & 0xC0 != 0x80:
            return at
    return LIMIT
