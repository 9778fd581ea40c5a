"""Log lines: what apps, builds and redraft itself said."""

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from itertools import repeat
from typing import Literal, NamedTuple, overload

from tui.model.frozen import frozen

LogStream = Literal["stdout", "stderr", "build", "redraft", "marker"]
"""`marker` lines are separators: a revision began, a container restarted, lines were lost."""


class Level(enum.IntEnum):
    """Severity; UNKNOWN lines show at every threshold: we cannot know them to be unimportant."""

    UNKNOWN = 0
    TRACE = 1
    DEBUG = 2
    INFO = 3
    WARNING = 4
    ERROR = 5
    FATAL = 6


class LogRecord(NamedTuple):
    """One line on its way into the store.

    A tuple, not a dataclass: a flood makes 50,000 of them a second.
    """

    time: int
    """Unix time in nanoseconds at which the line was captured."""
    revision: int
    """The revision that said it; for build output the iteration's number."""
    pod: str
    container: str
    restart: int
    """Which incarnation of the container, from 0."""
    stream: LogStream
    message: str
    """As captured: without the line end, decoded with replacement, NOT yet sanitised; the store's
    door does that.
    """


class LogOrigin(NamedTuple):
    """Who said a line; a few hundred of them serve millions of lines."""

    revision: int
    pod: str
    container: str
    restart: int
    stream: LogStream


class LogRun(Sequence[LogRecord]):
    """Lines of one origin, column by column: half a million of them then take no object each."""

    __slots__ = ("messages", "origin", "times")

    def __init__(self, origin: LogOrigin, times: Sequence[int], messages: Sequence[str]) -> None:
        """Take a time, in Unix nanoseconds, for each message."""
        self.origin = origin
        self.times = times
        self.messages = messages

    def __len__(self) -> int:
        return len(self.times)

    def __iter__(self) -> Iterator[LogRecord]:
        columns = (self.times, *map(repeat, self.origin), self.messages)
        return map(LogRecord._make, zip(*columns, strict=False))  # repeats have no end

    @overload
    def __getitem__(self, at: int) -> LogRecord: ...
    @overload
    def __getitem__(self, at: slice) -> "LogRun": ...
    def __getitem__(self, at: int | slice) -> "LogRecord | LogRun":
        if isinstance(at, slice):
            return LogRun(self.origin, self.times[at], self.messages[at])
        return LogRecord(self.times[at], *self.origin, self.messages[at])


class LogLine(NamedTuple):
    """One line as stored, sanitised."""

    id: int
    """Rises by arrival; never used twice."""
    time: int
    revision: int
    pod: str
    container: str
    restart: int
    stream: LogStream
    level: Level
    message: str


@frozen
class LogBatch:
    """Lines from one source with the position after them.

    Both are committed as one, so that nothing is lost and nothing comes twice.
    """

    source: str
    """Names the stream the position belongs to; empty for lines that can never come again."""
    position: str
    records: Sequence[LogRecord]
    positions: Mapping[str, str] = field(default_factory=dict)
    """Positions of further sources, where the lines of several are merged."""


@frozen
class LogFilter:
    """Which lines to show; every part must match."""

    include: str = ""
    """Regular expression searched in the message; empty for all."""
    exclude: str = ""
    level: Level = Level.UNKNOWN
    """Lowest level shown; UNKNOWN lines always are."""
    pods: frozenset[str] = frozenset()
    revisions: frozenset[int] = frozenset()
    running_on: frozenset[str] = frozenset()
    """Pods whose lines count as those of the revisions asked for, whichever they were stored under:
    a rollback to what runs already makes no new ones.
    """
    containers: frozenset[str] = frozenset()
    runs: frozenset[tuple[str, str, int]] = frozenset()
    """Pod, container and restart of the runs to show; empty for all."""
    streams: frozenset[str] = frozenset()
    since: int = 0
    """Unix time in nanoseconds; 0 for the beginning."""
    until: int = 0
