"""Positions in a container's log, so that no line comes twice and none is missed. Pure.

The engine can give its log from a time on, and several entries may have one time. So a position is,
for each stream, the time of the last entry that was given and how many of that time were. Within a
stream times never fall; between the two streams they may be mixed up by a little, for each has a
writer of its own, so reading begins `SLACK` before the newer one. When the entry a position stands
on is not there any more, the engine has rotated it away, and whatever followed it: that is a gap.
"""

from collections.abc import Iterable
from typing import NamedTuple

from tui.clients.docker.logframes import LogFrame
from tui.model.frozen import frozen
from tui.model.loglines import LogStream
from tui.supervisor.splitting import LIMIT

SLACK = 5_000_000_000
"""Nanoseconds."""
GAP = "log lines are missing here: the engine rotated them away before they were read"


class Mark(NamedTuple):
    """The last entry of a stream that was given."""

    time: int = 0
    entries: int = 0
    """How many entries of that time were given."""

    def after(self, time: int) -> "Mark":
        """Return the mark after one more entry."""
        return Mark(time, self.entries + 1 if time == self.time else 1)


BEGINNING = Mark()


@frozen
class Position:
    """A place in a container's log."""

    stdout: Mark = BEGINNING
    stderr: Mark = BEGINNING
    told: int = 0
    """When the last start or end of the container was that a marker told, in nanoseconds."""

    @property
    def since(self) -> int:
        """The time to ask the engine's log from."""
        return max(0, max(self.stdout.time, self.stderr.time) - SLACK)

    def __str__(self) -> str:
        marks = (f"{mark.time}+{mark.entries}" for mark in (self.stdout, self.stderr))
        return " ".join((*marks, str(self.told)))


def position_from(text: str) -> Position:
    """Read a position; what is none is the beginning."""
    parts = text.split(" ")
    try:
        stdout, stderr = (Mark(*map(int, part.split("+"))) for part in parts[:2])
        return Position(stdout, stderr, int(parts[2]))
    except (ValueError, TypeError, IndexError):
        return Position()


class Line(NamedTuple):
    """A line as the log has it, or a part of a very long one; a marker where lines are missing."""

    time: int
    stream: LogStream
    text: str


class StreamReading:
    """One stream, read on from a mark."""

    def __init__(self, mark: Mark, *, visible: bool) -> None:
        self.mark = mark
        self._resumed = mark
        self._passed = 0
        self._checked = not (visible and mark.entries)
        self._held: list[LogFrame] = []
        self._size = 0
        self._continues = False

    def take(self, frame: LogFrame) -> list[Line]:
        """Return the lines that a frame completes, none when it was given before."""
        if self._given(frame):
            return []
        lines = []
        if not self._checked:
            self._checked = True
            if self._passed < self._resumed.entries:
                lines.append(Line(frame.time, "marker", GAP))
        self._held.append(frame)
        self._size += len(frame.text)
        whole = frame.text.endswith(b"\n")
        if whole or self._size >= LIMIT:
            lines.append(self._line(whole=whole))
        return lines

    def _given(self, frame: LogFrame) -> bool:
        if frame.time < self._resumed.time:
            return True
        if frame.time == self._resumed.time and self._passed < self._resumed.entries:
            self._passed += 1
            return True
        return False

    def _line(self, *, whole: bool) -> Line:
        held, self._held, self._size = self._held, [], 0
        for frame in held:
            self.mark = self.mark.after(frame.time)
        text = b"".join(frame.text for frame in held).removesuffix(b"\n").removesuffix(b"\r")
        shown = text.decode(errors="replace")
        line = f"{'…' * self._continues}{shown}{'…' * (not whole)}"
        self._continues = not whole
        return Line(held[0].time, held[0].stream, line)


class Reading:
    """A container's log, read on from a position."""

    def __init__(self, position: Position) -> None:
        since = position.since
        self._told = position.told
        self._streams = {
            "stdout": StreamReading(position.stdout, visible=position.stdout.time >= since),
            "stderr": StreamReading(position.stderr, visible=position.stderr.time >= since),
        }

    @property
    def position(self) -> Position:
        """Where it stands: after the last whole line of each stream."""
        return Position(self._streams["stdout"].mark, self._streams["stderr"].mark, self._told)

    def tell(self, time: int) -> bool:
        """Note a start or an end of the container; return whether it is still to be told."""
        if time <= self._told:
            return False
        self._told = time
        return True

    def take(self, frames: Iterable[LogFrame]) -> list[Line]:
        """Return the lines that frames complete."""
        return [line for frame in frames for line in self._streams[frame.stream].take(frame)]
