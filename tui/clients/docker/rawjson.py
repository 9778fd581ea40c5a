"""BuildKit's raw JSON progress (`--progress=rawjson`), as typed values. Pure.

Each message is an object of `vertexes`, `statuses`, `logs` and `warnings`, Go's `SolveStatus`
(github.com/moby/buildkit, client/graph.go), written with line ends inside of it; what the builder
has to say besides stands between the messages as plain lines. Log data and warnings' texts are
base64; times are RFC 3339 with nanoseconds.
"""

import base64
import binascii
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tui.clients.docker.progress import BuildWarning, Printed, Progress, Transfer, Vertex

LONGEST = 4 << 20
"""Bytes of one message; what grows longer is no message."""


class RawJson:
    """Reads a stream of messages; `lines` collects what stands between them."""

    def __init__(self) -> None:
        self._rest = b""
        self._message: list[bytes] = []
        self.lines: list[str] = []

    def feed(self, data: bytes) -> list[Progress]:
        """Take the next bytes and return the progress they complete."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [progress for line in lines for progress in self._take(line)]

    def close(self) -> list[Progress]:
        """Take the end of the stream."""
        found = list(self._take(self._rest)) if self._rest else []
        self.lines += [_text(line) for line in self._message]
        return found

    def _take(self, line: bytes) -> Iterator[Progress]:
        if not self._message and not line.startswith(b"{"):
            self.lines.append(_text(line))
            return
        self._message.append(line)
        if not line.endswith(b"}") or (len(self._message) > 1 and line != b"}"):
            self._give_up_long()
            return
        message = _parsed(b"\n".join(self._message))
        if message is not None:
            self._message = []
            yield from _progress(message)

    def _give_up_long(self) -> None:
        if sum(map(len, self._message)) > LONGEST:
            self._message = []


def _parsed(text: bytes) -> dict[str, Any] | None:
    try:
        message = json.loads(text)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None


def _progress(message: dict[str, Any]) -> Iterator[Progress]:
    for item in _items(message, "vertexes"):
        yield _vertex(item)
    for item in _items(message, "statuses"):
        yield _transfer(item)
    for item in _items(message, "logs"):
        yield Printed(item.get("vertex", ""), _decoded(item.get("data")))
    for item in _items(message, "warnings"):
        yield _warning(item)


def _items(message: dict[str, Any], key: str) -> list[dict[str, Any]]:
    items = message.get(key)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _vertex(item: dict[str, Any]) -> Vertex:
    return Vertex(
        item.get("digest", ""),
        item.get("name", ""),
        _time(item.get("started")),
        _time(item.get("completed")),
        bool(item.get("cached")),
        item.get("error", ""),
    )


def _transfer(item: dict[str, Any]) -> Transfer:
    return Transfer(
        item.get("vertex", ""), item.get("id", ""), item.get("current", 0), item.get("total", 0)
    )


def _warning(item: dict[str, Any]) -> BuildWarning:
    starts = [_items({"start": [place.get("start")]}, "start") for place in _items(item, "range")]
    line = starts[0][0].get("line", 0) if starts and starts[0] else 0
    details = tuple(_text(_decoded(detail)) for detail in item.get("detail") or ())
    short = _text(_decoded(item.get("short")))
    return BuildWarning(item.get("vertex", ""), short, details, line)


def _decoded(data: Any) -> bytes:
    try:
        return base64.b64decode(data or "")
    except (binascii.Error, ValueError, TypeError):
        return b""


def _time(text: Any) -> float:
    """Return Unix seconds; Python reads at most six digits of a fraction, Go writes nine."""
    if not isinstance(text, str) or not text:
        return 0.0
    whole, dot, rest = text.partition(".")
    digits = len(rest) - len(rest.lstrip("0123456789"))
    try:
        return datetime.fromisoformat(
            f"{whole}{dot}{rest[: min(digits, 6)]}{rest[digits:]}"
        ).timestamp()
    except ValueError:
        return 0.0


def _text(line: bytes) -> str:
    return line.decode(errors="replace").removesuffix("\r")
