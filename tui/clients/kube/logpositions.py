"""Where in a container's log reading stands, and how to go on there without a gap or a repeat.

The API can only be asked for lines since a whole second. So a position is an *anchor* (a second),
how many lines were read whose time is not before it, and the time of the first of these. Reading on
asks for lines since the anchor; when the first to come is that first one, the log is as it was and
as many lines as were read are passed over. Counting keeps lines right whose times are not
in order: standard output and standard error stamp theirs apart, and many share one nanosecond.

When another line comes first, the log is not as it was: the node rotated it, or the container was
restarted and this is another incarnation's log. Then the newest time read, and how many lines bore
it, tell what was read; when no line is that old any more, lines are missing.
"""

from collections.abc import Sequence
from itertools import groupby

from tui.clients.kube.loglines import SECOND
from tui.model.frozen import frozen


@frozen
class Position:
    """A place in one incarnation's log."""

    anchor: int = 0
    """Unix time in whole seconds."""
    count: int = 0
    """Lines read whose time is not before the anchor; 0 at the beginning of the log."""
    first: int = 0
    """Nanoseconds: the time of the first of these."""
    last: int = 0
    """Nanoseconds: the newest time read."""
    ties: int = 0
    """Lines read with just that time."""

    def __str__(self) -> str:
        return f"{self.anchor}:{self.count}:{self.first}:{self.last}:{self.ties}"


BEGINNING = Position()


def parse_position(text: str) -> Position:
    """Read a position; what is none is the beginning."""
    parts = text.split(":")
    if len(parts) == 5 and all(part.isdecimal() for part in parts):
        return Position(*map(int, parts))
    return BEGINNING


class Progress:
    """Follows what is read, and says the position after it.

    The anchor stays one second with lines behind the newest, since a line may come a little after
    one that is newer.
    """

    def __init__(self, position: Position = BEGINNING) -> None:
        self._last = position.last
        self._ties = position.ties
        self._unmarked = position.last // SECOND  # no second up to here can have a mark of its own
        self._marks: dict[int, list[int]] = {}  # second: [time of its first line, lines]
        if position.count:
            self._marks[position.anchor] = [position.first, position.count]

    @property
    def position(self) -> Position:
        """Where reading stands."""
        if not self._marks:
            return BEGINNING
        anchor = next(iter(self._marks))
        count = sum(lines for _, lines in self._marks.values())
        return Position(anchor, count, self._marks[anchor][0], self._last, self._ties)

    def take(self, times: Sequence[int]) -> None:
        """Take the times of lines that were read, in the log's order."""
        if not times:
            return
        oldest, newest = min(times), max(times)
        mark = self._marks.get(newest // SECOND)
        if mark and oldest // SECOND == newest // SECOND:
            mark[1] += len(times)
        else:
            for second, run in groupby(times, key=_second):
                first, *others = run
                self._count(second, first, 1 + len(others))
        if newest > self._last:
            self._last, self._ties = newest, 0
        if newest == self._last:
            self._ties += times.count(newest)

    def _count(self, second: int, first: int, lines: int) -> None:
        """Count lines in a row that are all of one second."""
        if not self._marks:
            self._begin(second, first, lines)
        elif second > max(self._marks) and second > self._unmarked:
            self._marks[second] = [first, lines]
            for old in list(self._marks)[:-2]:
                del self._marks[old]
        elif earlier := [mark for mark in self._marks if mark <= second]:
            self._marks[max(earlier)][1] += lines

    def _begin(self, second: int, first: int, lines: int) -> None:
        """Anchor a second before the first line, for a line that comes a little late after it."""
        self._marks[second - 1] = [first, lines]
        self._unmarked = second


def _second(time: int) -> int:
    return time // SECOND


class Resume:
    """Tells which lines of a log, opened at a position's anchor, were read before."""

    def __init__(self, position: Position) -> None:
        self._position = position
        self._left = position.count
        self._ties = position.ties
        self._overlapped = False
        self.same: bool | None = None if position.count else True
        """Whether the log is the one that the position is in; None until a line came."""
        self.gap = False
        """Whether lines are missing between the position and the first new line."""

    def skip(self, times: Sequence[int]) -> int:
        """Return how many of the next lines were read before; they are always the foremost."""
        if not times or not self._left:
            return 0
        if self.same is None:
            self.same = times[0] == self._position.first
        if not self.same:
            return self._skip_by_time(times)
        skipped = min(self._left, len(times))
        self._left -= skipped
        return skipped

    def _skip_by_time(self, times: Sequence[int]) -> int:
        for at, time in enumerate(times):
            if time > self._position.last or (time == self._position.last and not self._ties):
                self.gap = not self._overlapped
                self._left = 0
                return at
            self._overlapped = True
            self._ties -= time == self._position.last
        return len(times)
