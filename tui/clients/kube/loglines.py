"""Lines of a pod's log as the kubelet sends them: `2021-01-02T03:04:05.123456789Z message`.

Both ways of writing the time occur: always nine digits, or as many as are needed; in UTC, or with
the node's offset. The container runtimes cut lines into parts of 16 KiB, and kubelets before 1.21
put the time before each part, so also into the middle of a long line; there it is taken out.
"""

import re
from collections.abc import Iterable
from datetime import datetime

SECOND = 1_000_000_000
PART = 16 << 10
"""Bytes after which docker and containerd cut a line."""
UNSTAMPED = 0
"""The time of a line that has none: the kubelet's own words, such as that a log is gone."""
STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(?:Z|[+-]\d\d:\d\d) ")
PLAIN = 19
"""Bytes of a time up to its seconds."""


def parse_lines(lines: Iterable[bytes]) -> tuple[list[int], list[str]]:
    """Return the times (Unix, in nanoseconds) and the messages of lines without their ends.

    Written for floods: lines of one second share the work on everything but the fraction.
    """
    times, messages = [], []
    known, base = b"", 0
    for line in lines:
        stamp, _, message = line.partition(b" ")
        if stamp[:PLAIN] != known:
            known, base = stamp[:PLAIN], parse_time(stamp[:PLAIN] + b"Z ")
        if base and len(stamp) == 30 and stamp[29:] == b"Z" and stamp[20:29].isdigit():
            time = base + int(stamp[20:29])
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
