"""Blocks: how log lines lie in the database, and reading them back. Pure.

A block is some thousand lines in a row: their texts joined by line feeds in one value (no stored
text holds one), their times, origins and levels packed beside it. One search over a joined text
costs a fraction of a call for each row, and a block whose levels or origins cannot match is not
even read: a million lines are filtered in well under a second, where a row a line took three.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from tui.model.loglines import Level, LogLine, LogOrigin

FULL = 2_000
"""Lines from which a block is not added to any more."""
LEVELS = tuple(Level)


@dataclass(frozen=True)
class Block:
    """Lines in a row, from id `first` on."""

    first: int
    text: str
    times: "array[int]"
    origins: "array[int]"
    levels: bytes

    def __len__(self) -> int:
        return len(self.levels)

    @cached_property
    def messages(self) -> list[str]:
        """The texts, one a line."""
        return self.text.split("\n")

    @cached_property
    def said_by(self) -> frozenset[int]:
        """The origins that occur, nearly always one or a few."""
        return frozenset(self.origins)

    def lines(self, indexes: Iterable[int], origins: Sequence[LogOrigin]) -> list[LogLine]:
        """Return the lines at some indexes of the block, sooner than one by one."""
        first, messages, times = self.first, self.messages, self.times
        numbers, levels = self.origins, self.levels
        return [
            LogLine._make(
                (first + at, times[at], *origins[numbers[at]], LEVELS[levels[at]], messages[at])
            )
            for at in indexes
        ]

    def line(self, at: int, origins: Sequence[LogOrigin]) -> LogLine:
        """Return the line at an index of the block."""
        (line,) = self.lines((at,), origins)
        return line


Packed = tuple[int, int, int, int, int, str, bytes, bytes, bytes]
"""A row of the table: first, last, oldest time, newest time, level bits, text, times, origins,
levels."""


def pack(
    first: int, messages: list[str], times: "array[int]", origins: "array[int]", levels: bytes
) -> Packed:
    """Return the row of the table that holds these lines."""
    return (
        first,
        first + len(levels) - 1,
        min(times),
        max(times),
        level_bits(levels),
        "\n".join(messages),
        times.tobytes(),
        origins.tobytes(),
        levels,
    )


def unpack(first: int, text: str, times: bytes, origins: bytes, levels: bytes) -> Block:
    """Return the block of a row."""
    return Block(first, text, array("q", times), array("I", origins), levels)


def level_bits(levels: bytes) -> int:
    """Return a number whose bit n is set when a line of level n is among them."""
    bits = 0
    for level in set(levels):
        bits |= 1 << level
    return bits
