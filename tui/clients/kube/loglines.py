"""Lines of a pod's log as the kubelet sends them: `2021-01-02T03:04:05.123456789Z message`.

Both ways of writing the time occur: always nine digits, or as many as are needed; in UTC, or with
the node's offset. The container runtimes cut lines into parts of 16 KiB, and kubelets before 1.21
put the time before each part, so also into the middle of a long line; there it is taken out.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import repeat
from operator import add

SECOND = 1_000_000_000
PART = 16 << 10
"""Bytes after which docker and containerd cut a line."""
UNSTAMPED = 0
"""The time of a line that has none: the kubelet's own words, such as that a log is gone."""
STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(?:Z|[+-]\d\d:\d\d) ")
PLAIN = 19
"""Bytes of a time up to its seconds."""
FRACTION = slice(PLAIN + 1, PLAIN + 10)
"""Where its nanoseconds are when all of them are written."""
ZEROS = str.maketrans("123456789", "0" * 9)
WIDEST = 4
"""Bytes that a character takes at most."""

Parsed = tuple[list[int], list[str]]
"""Times (Unix, in nanoseconds) and messages, one each for a line."""


def parse_lines(raw: bytes) -> Parsed:
    """Return the times and the messages of lines with their ends; the last may lack its own.

    Written for floods: lines are nearly always alike, and are read column by column then.
    """
    if not raw:
        return [], []
    whole = raw.removesuffix(b"\n")
    lines = whole.decode(errors="replace").split("\n")
    return _parse_alike(lines) or _parse_each(whole.split(b"\n"))


def _parse_alike(lines: list[str]) -> Parsed | None:
    """Parse lines of one part each whose times are written the same way; None where some are not.

    Whether they are is asked of all at once.
    """
    stamp = STAMP.match(lines[0][: 2 * PLAIN].encode())
    if stamp is None or max(map(len, lines)) > PART // WIDEST:
        return None
    end, zone = stamp.end(), stamp[0][FRACTION.stop :].decode()
    stamps = "".join([line[:end] for line in lines])
    shape = f"0000-00-00T00:00:00.000000000{zone}".translate(ZEROS)
    if stamps.translate(ZEROS) != shape * len(lines) or stamps.count(zone) != len(lines):
        return None
    seconds = _seconds(lines, stamps, zone)
    if seconds is None:
        return None
    times = map(add, seconds, map(int, [line[FRACTION] for line in lines]))
    return list(times), [line[end:] for line in lines]


def _seconds(lines: list[str], stamps: str, zone: str) -> Iterable[int] | None:
    """Return the times of lines up to their seconds; None where one is none.

    Lines of a flood share theirs, which is seen sooner in all their `stamps` than line by line.
    """
    first = lines[0][:PLAIN]
    if stamps.count(first) == len(lines):
        time = parse_time(f"{first}{zone}".encode())
        return None if time == UNSTAMPED else repeat(time)
    written = [line[:PLAIN] for line in lines]
    times = {one: parse_time(f"{one}{zone}".encode()) for one in set(written)}
    return None if UNSTAMPED in times.values() else map(times.__getitem__, written)


def _parse_each(lines: Iterable[bytes]) -> Parsed:
    """Parse lines of any kind; those in a row that share a second share the work on it."""
    times, messages = [], []
    known, base = b"", UNSTAMPED
    for line in lines:
        stamp, _, message = line.partition(b" ")
        if stamp[:PLAIN] != known:
            known, base = stamp[:PLAIN], parse_time(stamp[:PLAIN] + b"Z ")
        if base and len(stamp) == 30 and stamp[29:] == b"Z" and stamp[FRACTION].isdigit():
            time = base + int(stamp[FRACTION])
        else:
            time = parse_time(line)
            message = message if time else line
        times.append(time)
        if len(message) > PART:
            message = join_parts(message)
        messages.append(message.decode(errors="replace"))
    return times, messages


def parse_time(line: bytes) -> int:
    """Return the time at the line's beginning in nanoseconds, `UNSTAMPED` where there is none."""
    match = STAMP.match(line)
    if match is None:
        return UNSTAMPED
    fraction = (match[1] or b"").decode()
    stamp = match[0].rstrip().decode()
    zone = "+00:00" if stamp.endswith("Z") else stamp[-6:]
    try:
        seconds = int(datetime.fromisoformat(stamp[:PLAIN] + zone).timestamp())
    except ValueError:  # such as a 30th of February
        return UNSTAMPED
    return seconds * SECOND + int(fraction.ljust(9, "0"))


def join_parts(message: bytes) -> bytes:
    """Take the times out that stand between the parts of a long line."""
    parts = []
    while len(message) > PART and (match := STAMP.match(message, PART)):
        parts.append(message[:PART])
        message = message[match.end() :]
    return b"".join((*parts, message))
