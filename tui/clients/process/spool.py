"""Reading the spool: from segments on disk to log records, from any position on.

A position is `segment:offset`, always just after a frame, and a frame stands alone: so reading can
stop and go on anywhere. Blocking; call it in a thread. Lines of a frame share the time at which
they were captured. A line longer than the spool keeps together comes in parts, marked by `…` where
it was cut.
"""

import time
from pathlib import Path
from typing import cast

from tui.clients.process.steps import present_lines
from tui.model.frozen import frozen
from tui.model.loglines import LogRecord, LogStream
from tui.supervisor.frames import Frame, decode_frames, segment_name, segment_number
from tui.supervisor.replica import CONTAINER

READ = 512 << 10
"""Bytes read at once; more than any frame has."""


@frozen
class Position:
    """A place in the spool."""

    segment: int = 0
    offset: int = 0

    def __str__(self) -> str:
        return f"{self.segment}:{self.offset}"


@frozen
class Reading:
    """What was read, and where to go on."""

    records: list[LogRecord]
    position: Position
    advanced: bool
    """Whether there may be more to read at once."""


def position_from(text: str) -> Position:
    """Read a position; what is none is the beginning."""
    segment, _, offset = text.partition(":")
    if segment.isdecimal() and offset.isdecimal():
        return Position(int(segment), int(offset))
    return Position()


class SpoolReader:
    """Reads the segments in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, position: Position) -> Reading:
        """Return the next records after `position`, none when there are none yet."""
        segments = self._segments()
        at = _present(position, segments)
        if at is None:
            return Reading([], position, advanced=False)
        buffer = self._bytes(at)
        frames, intact = _frames(buffer)
        records = [record for frame in frames for record in records_of(frame)]
        if frames:
            return Reading(records, Position(at.segment, at.offset + frames[-1].end), advanced=True)
        if at.segment == segments[-1] and intact:
            return Reading([], at, advanced=False)
        return self._skip(at, len(buffer), segments)

    def forget(self, position: Position) -> None:
        """Delete the segments before the one that `position` is in, but never the newest."""
        for segment in self._segments()[:-1]:
            if segment < position.segment:
                (self._folder / segment_name(segment)).unlink(missing_ok=True)

    def _skip(self, at: Position, unread: int, segments: list[int]) -> Reading:
        """Go on after a segment whose rest can never be read: a supervisor died writing it."""
        later = [segment for segment in segments if segment > at.segment]
        if not later:
            return Reading([], at, advanced=False)
        return Reading([_torn(unread)] if unread else [], Position(later[0]), advanced=True)

    def _bytes(self, at: Position) -> bytes:
        try:
            with (self._folder / segment_name(at.segment)).open("rb") as file:
                file.seek(at.offset)
                return file.read(READ)
        except FileNotFoundError:  # dropped meanwhile; the spool tells that by a marker
            return b""

    def _segments(self) -> list[int]:
        try:
            names = [path.name for path in self._folder.iterdir()]
        except FileNotFoundError:
            return []
        return sorted(number for number in map(segment_number, names) if number)


def records_of(frame: Frame) -> list[LogRecord]:
    """Return the lines of one frame."""
    revision, pod, restart = frame.origin
    stream = cast("LogStream", frame.stream)
    container = "" if stream == "redraft" else CONTAINER
    return [
        LogRecord(frame.time, revision, pod, container, restart, stream, line)
        for line in present_lines(frame.piece)
    ]


def _present(position: Position, segments: list[int]) -> Position | None:
    """Return the position, or where to go on when its segment is not there any more."""
    if position.segment in segments:
        return position
    later = [segment for segment in segments if segment > position.segment]
    if later or segments:
        return Position((later or segments)[0])
    return None


def _frames(buffer: bytes) -> tuple[list[Frame], bool]:
    """Return the whole frames, and whether nothing but frames was found."""
    frames: list[Frame] = []
    try:
        frames.extend(decode_frames(buffer))
    except ValueError:
        return frames, False
    return frames, True


def _torn(size: int) -> LogRecord:
    text = f"{size:,} bytes of log lines cannot be read: the supervisor died writing them"
    return LogRecord(time.time_ns(), 0, "redraft", CONTAINER, 0, "marker", text)
