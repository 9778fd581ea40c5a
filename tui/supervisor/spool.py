"""The spool: captured output on its way into the log store, kept on disk until it was committed.

Segments are numbered files; the reader deletes those it is through with, but never the newest, so
that numbers always rise. The first in an empty folder is numbered by the clock: a reader's position
in what was deleted, with the environment or by hand, must not mean a place in what came after. When
nobody reads, the oldest segments are dropped at `CAP` bytes, and a marker in the stream says how
much was lost. Trouble with the disk (full, folder deleted) loses what cannot be written and is told
by a marker as soon as writing works again; it never stops the app.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

from tui.supervisor.frames import Origin, encode_frame, segment_name, segment_number
from tui.supervisor.splitting import Piece

SEGMENT = 8 << 20
CAP = 256 << 20
NOWHERE = Origin(0, "redraft", 0)


class SpoolWriter:
    """Appends frames to the newest segment."""

    def __init__(
        self,
        folder: Path,
        grown: Callable[[], None],
        segment: int = SEGMENT,
        cap: int = CAP,
    ) -> None:
        self._folder = folder
        self._grown = grown
        self._segment = segment
        self._cap = cap
        self._number = 0
        self._descriptor: int | None = None
        self._size = 0
        self._lost = 0
        self._why = ""

    def write(self, origin: Origin, stream: str, piece: Piece) -> None:
        """Append one piece of output, stamped with the time."""
        if self._lost and self._append(_marker(NOWHERE, self._loss())):
            self._lost = 0
        if not self._append(encode_frame(time.time_ns(), origin, stream, piece)):
            self._lost += len(piece.payload)
        self._grown()

    def mark(self, origin: Origin, text: str) -> None:
        """Append a separator, such as `revision 3 started`."""
        self.write(origin, "marker", Piece(text.encode() + b"\n"))

    def say(self, iteration: int, line: str) -> None:
        """Append a line of redraft's own, which it would have written itself had it done more."""
        self.write(NOWHERE._replace(revision=iteration), "redraft", Piece(line.encode() + b"\n"))

    def look_after(self) -> None:
        """Begin anew when the segment was deleted under our hands."""
        if self._descriptor is not None and not self._path().exists():
            self.close()

    def close(self) -> None:
        """Close the segment; the next write begins another."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _append(self, frame: bytes) -> bool:
        try:
            if self._descriptor is None or self._size >= self._segment:
                self._descriptor = self._rotate()
            _write_all(self._descriptor, frame)
        except OSError as error:
            self._why = error.strerror or str(error)
            self.close()
            return False
        self._size += len(frame)
        return True

    def _rotate(self) -> int:
        self.close()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._drop_oldest()
        newest = max(self._number, *self._segments(), 0)
        self._number = newest + 1 if newest else time.time_ns() // 1_000_000
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        self._size = 0
        return os.open(self._path(), flags, 0o600)

    def _drop_oldest(self) -> None:
        sizes = self._segments()
        kept = sum(sizes.values())
        for number in sorted(sizes):
            if kept + self._segment <= self._cap:
                return
            (self._folder / segment_name(number)).unlink(missing_ok=True)
            kept -= sizes[number]
            self._lost += sizes[number]
            self._why = "nobody collected them"

    def _segments(self) -> dict[int, int]:
        """Return the numbers and sizes of the segments on disk."""
        with os.scandir(self._folder) as entries:
            found = {segment_number(entry.name): _size(entry) for entry in entries}
        found.pop(0, None)
        return found

    def _path(self) -> Path:
        return self._folder / segment_name(self._number)

    def _loss(self) -> str:
        return f"{self._lost:,} bytes of log lines were lost: {self._why}"


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat().st_size
    except FileNotFoundError:  # the reader was through with it just now
        return 0


def _write_all(descriptor: int, frame: bytes) -> None:
    done = os.write(descriptor, frame)
    while done < len(frame):
        done += os.write(descriptor, frame[done:])


def _marker(origin: Origin, text: str) -> bytes:
    return encode_frame(time.time_ns(), origin, "marker", Piece(text.encode() + b"\n"))
