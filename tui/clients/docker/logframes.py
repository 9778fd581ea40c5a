"""Frames of a container's log: which stream, when, what. Pure.

With `timestamps=1` the engine sends each entry of its log as one frame: a header of 8 bytes
(stream, three zeros, length as a big-endian integer), the time with nine digits and a space, the
text. An entry that does not end in a line end is a part of a line longer than 16 KiB; all parts of
a line have the same time. (Docker Engine API, `ContainerAttach`, stream format; moby: copier.go.)
"""

import struct
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal, NamedTuple

from tui.clients.docker.inspecting import NANO, nanoseconds

HEADER = struct.Struct(">BxxxI")
STREAMS: tuple[Literal["stdout", "stderr"], ...] = ("stdout", "stdout", "stderr")
TIME_LENGTH = 30
"""Characters of `2006-01-02T15:04:05.000000000Z`."""


class LogFrame(NamedTuple):
    """One entry of a container's log."""

    time: int
    """Unix time in nanoseconds, by the engine's clock."""
    stream: Literal["stdout", "stderr"]
    text: bytes
    """With its line end, unless the line goes on in the next frame of the stream."""


class FrameReader:
    """Cuts what the engine sends into frames, wherever it was cut on its way."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> list[LogFrame]:
        """Take the next bytes and return the frames they complete."""
        frames: list[LogFrame] = []
        data = self._held + data if self._held else data
        at, size = 0, len(data)
        while size - at >= HEADER.size:
            stream, length = HEADER.unpack_from(data, at)
            end = at + HEADER.size + length
            if end > size:
                break
            frames.append(_frame(stream, data[at + HEADER.size : end]))
            at = end
        self._held = data[at:]
        return frames


def _frame(stream: int, payload: bytes) -> LogFrame:
    time, _, text = payload.partition(b" ")
    name = STREAMS[stream] if stream < len(STREAMS) else "stdout"
    return LogFrame(_time(time), name, text)


def _time(text: bytes) -> int:
    if len(text) == TIME_LENGTH and text[-1:] == b"Z":
        return _second(text[:19]) + int(text[20:29])
    return nanoseconds(text.decode())


@lru_cache(8)
def _second(text: bytes) -> int:
    whole = datetime.strptime(text.decode(), "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    return int(whole.timestamp()) * NANO
