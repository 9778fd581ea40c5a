"""Frames: how captured output lies in the spool's segments. Pure.

A segment is a file of frames, one after the other, only ever appended to. A frame is a header, the
name of the pod, and a payload of whole lines or of a part of one (`splitting`). A reader can begin
at any frame's start. A supervisor that dies in the middle of a write leaves a torn frame at the end
of its segment; the next one begins a new segment, so that a torn frame is told by what follows.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from tui.supervisor.splitting import Piece

STREAMS = ("stdout", "stderr", "marker", "redraft")
MAGIC = b"\xf7R"
HEADER = struct.Struct(">2sBBHIQII")
SUFFIX = ".segment"

CONTINUES = 1
UNFINISHED = 2


class Origin(NamedTuple):
    """Which incarnation of which pod said it."""

    revision: int
    pod: str
    restart: int


class Frame(NamedTuple):
    """One frame as read back."""

    time: int
    """Unix time in nanoseconds of the capture."""
    origin: Origin
    stream: str
    piece: Piece
    end: int
    """Offset in the buffer just after it."""


def encode_frame(time: int, origin: Origin, stream: str, piece: Piece) -> bytes:
    """Return a frame's bytes."""
    pod = origin.pod.encode()
    flags = CONTINUES * piece.continues | UNFINISHED * piece.unfinished
    header = HEADER.pack(
        MAGIC,
        STREAMS.index(stream),
        flags,
        len(pod),
        len(piece.payload),
        time,
        origin.revision,
        origin.restart,
    )
    return b"".join((header, pod, piece.payload))


def decode_frames(buffer: bytes, offset: int = 0) -> Iterator[Frame]:
    """Yield the whole frames of the buffer from `offset` on; an incomplete last one is left.

    Raises ValueError where no frame begins.
    """
    while offset + HEADER.size <= len(buffer):
        magic, stream, flags, named, size, time, revision, restart = HEADER.unpack_from(
            buffer, offset
        )
        if magic != MAGIC or stream >= len(STREAMS):
            raise ValueError(f"no frame at offset {offset}")
        start = offset + HEADER.size
        offset = start + named + size
        if offset > len(buffer):
            return
        pod = buffer[start : start + named].decode(errors="replace")
        piece = Piece(
            buffer[start + named : offset], bool(flags & CONTINUES), bool(flags & UNFINISHED)
        )
        yield Frame(time, Origin(revision, pod, restart), STREAMS[stream], piece, offset)


def segment_name(number: int) -> str:
    """Return the file name of a segment; names sort like numbers."""
    return f"{number:013d}{SUFFIX}"


def segment_number(name: str) -> int:
    """Return the number in a segment's file name, 0 for any other name."""
    stem = name.removesuffix(SUFFIX)
    return int(stem) if stem != name and stem.isascii() and stem.isdigit() else 0
