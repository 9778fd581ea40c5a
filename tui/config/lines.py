"""Where in a TOML text each key stands, for faults that name the line.

`tomllib` reads fast and strictly but forgets positions, so this scans the text again, and only when
a fault has to be placed. It expects text that `tomllib` accepted; on other text it may place keys
wrongly but never raises.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

KeyPath = tuple[str, ...]

TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*|\n|[\[\]{},=]|[ \t\r]+"
    r"|[^\s\[\]{},=\#\"']+|.",
    re.DOTALL,
)


def lines_of_keys(text: str) -> Mapping[KeyPath, int]:
    """Return the line, counted from 1, on which each table or key begins."""
    scan = _Scan()
    for line, token in _tokens(text):
        scan.take(line, token)
    return scan.found


def line_of(text: str, path: KeyPath) -> int:
    """Return the line of the key at `path`, or of the nearest table around it; 0 for none."""
    found = lines_of_keys(text)
    for length in range(len(path), 0, -1):
        if path[:length] in found:
            return found[path[:length]]
    return 0


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    line = 1
    for match in TOKEN.finditer(text):
        token = match.group()
        if not (token.startswith("#") or token.isspace()) or token == "\n":
            yield line, token
        line += token.count("\n")


@dataclass(slots=True)
class _Scan:
    """The scanner's place: header, open brackets, and the key being read."""

    found: dict[KeyPath, int] = field(default_factory=dict)
    header: KeyPath = ()
    inside: list[tuple[str, KeyPath]] = field(default_factory=list)
    """Open brackets of a value, each with the path of the table its keys belong to."""
    key: list[str] = field(default_factory=list)
    reading: str = "key"
    """`key` before an equals sign, `header` inside `[...]`, `value` after it."""

    def take(self, line: int, token: str) -> None:
        if self.reading == "value":
            self._take_in_value(token)
        elif self.reading == "header":
            self._take_in_header(line, token)
        else:
            self._take_in_key(line, token)

    def _take_in_key(self, line: int, token: str) -> None:
        if token == "[" and not self.key and not self.inside:
            self.reading = "header"
        elif token == "=":
            path = (*self._table(), *self.key)
            self.found.setdefault(path, line)
            self.key, self.reading = list(path), "value"
        elif token == "}" and self.inside:
            self._close()
        elif token == "\n":
            self.key = []
        elif token not in "[]{},":
            self.key += _parts(token)

    def _take_in_header(self, line: int, token: str) -> None:
        if token == "\n":
            self.header, self.key, self.reading = tuple(self.key), [], "key"
            self.found.setdefault(self.header, line)
        elif token not in "[]":
            self.key += _parts(token)

    def _take_in_value(self, token: str) -> None:
        if token == "{":
            self.inside.append(("{", tuple(self.key)))
            self.key, self.reading = [], "key"
        elif token == "[":
            self.inside.append(("[", tuple(self.key)))
        elif token in ("]", "}") and self.inside:
            self._close()
        elif self._ends_value(token):
            self.key, self.reading = [], "key"

    def _ends_value(self, token: str) -> bool:
        if not self.inside:
            return token == "\n"
        return token == "," and self.inside[-1][0] == "{"

    def _close(self) -> None:
        """Leave a bracket: what follows belongs to the value around it."""
        _, path = self.inside.pop()
        self.key, self.reading = list(path), "value"

    def _table(self) -> KeyPath:
        return self.inside[-1][1] if self.inside else self.header


def _parts(token: str) -> list[str]:
    """Return the key parts that one token of a dotted key holds."""
    if token[0] not in "\"'":
        return [part for part in token.split(".") if part]
    try:
        return [str(tomllib.loads(f"key = {token}")["key"])]
    except ValueError:
        return [token]
