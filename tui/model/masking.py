"""Masking: known secrets are replaced by a mark wherever a text holds them. Pure.

What is looked for, of each value line by line, since logs are lines:

- 8 characters and more, but no single word where the value's name tells that it names something
  (`DB_USER` is `postgres`), for that would garble every log;
- 4 characters and more where the value's name looks secret (`DB_PASSWORD`);
- of these, single words and what is shorter than 8 only where no letter or digit stands beside it;
- what in it looks secret by a name of its own: members of JSON, `name = value` lines, the password
  in a URL;
- all this as it stands in JSON and in URLs, and the whole value in base64, also in the middle of
  more that is encoded, such as `user:password`.

Certificates are public, and so are the first and the last line of a key. GitLab wants 8 characters
for what it masks as well; GitHub masks whatever was registered.
"""

import json
import re
from binascii import b2a_base64
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from itertools import islice
from typing import Any
from urllib.parse import quote, unquote

from tui.model.frozen import frozen

MASK = "••••••"
# Patterns as texts, compiled when they are first needed.
SECRET = (
    r"secret|token|passw|passphrase|pwd|(api|access|signing|encryption)[_-]?key|private|credential"
    r"|auth|cookie|signature|dsn|(?<![a-z])(pass|pin)(?![a-z])"
)
NAMING = (
    r"user|name|host|database|engine|driver|region|environment|mode"
    r"|(?<![a-z])(db|type|zone|env|level|role)(?![a-z])"
)
ESCAPE = r"(?:%[0-9A-Fa-f]{2}|\\[a-z]|(?:\x1b|\\(?:u001b|x1b|033|e))\[[\d;]*[A-Za-z])$"
"""Ends in a letter or a digit that belongs to no word: in URLs, in JSON, of a colour."""
LONGEST_ESCAPE = 20
PASSWORD = r"://[^/\s:@]*:([^@/\s]+)@"
SHORTEST = 8
SHORTEST_NAMED = 4
LONGEST_WORD = 15
"""Characters; a longer run of letters is a secret that somebody made, and no word."""
PLAIN = frozenset({"true", "false", "null", "none"})
MOST_LINES = 1000
"""Lines of one value that are looked for."""
ARMOUR = "-----"
CERTIFICATE = "CERTIFICATE-----"
BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")


@frozen
class SecretValue:
    """What is not to be shown, and what it is called."""

    name: str
    content: bytes = field(repr=False)


@frozen
class Mask:
    """Replaces secrets by a mark, in time linear in the text; an empty one replaces nothing."""

    anywhere: frozenset[str] = field(default=frozenset(), repr=False)
    words: frozenset[str] = field(default=frozenset(), repr=False)
    """Those that count only where no letter or digit stands beside them."""
    encoded: frozenset[str] = field(default=frozenset(), repr=False)
    """In base64, without the characters that hold bits of what stands beside as well."""

    def __bool__(self) -> bool:
        """Whether there is anything to be masked."""
        return bool(self.anywhere or self.words or self.encoded)

    def __call__(self, text: str) -> str:
        """Return the text as it may be shown."""
        found = self._found(text)
        return _replaced(text, found) if found else text

    def lines(self, lines: Sequence[str]) -> Sequence[str]:
        """Return the lines as they may be shown; all of them are searched at once."""
        if not self:
            return lines
        text = "\n".join(lines)
        found = self._found(text)
        if not found:
            return lines
        masked = _replaced(text, found).split("\n")
        return masked if len(masked) == len(lines) else [self(line) for line in lines]

    def _found(self, text: str) -> list[tuple[int, int]]:
        """Return where secrets begin and end."""
        found = [place for one in self.anywhere for place in _places(one, text)]
        words = (place for one in self.words for place in _places(one, text))
        found += (place for place in words if _is_apart(text, *place))
        encoded = (place for one in self.encoded for place in _places(one, text))
        found += (_widened(text, *place) for place in encoded)
        return found


def looks_secret(name: str) -> bool:
    """Whether what bears this name is to be kept secret."""
    return bool(re.search(SECRET, name, re.IGNORECASE))


def mask_of(values: Iterable[SecretValue]) -> Mask:
    """Return what masks these values."""
    anywhere, words, encoded = set[str](), set[str](), set[str]()
    for value in values:
        encoded.update(_in_base64(value.content.strip()))
        for name, text in _texts(value):
            if _is_sought(name, text):
                (words if len(text) < SHORTEST or _is_word(text) else anywhere).update(_forms(text))
    return Mask(frozenset(anywhere), frozenset(words), frozenset(encoded))


def _places(one: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where `one` stands; searching for each by itself is faster than for all by a pattern.

    For 30 of them it takes 5 ns a character of the text, and a pattern of all three times as long.
    """
    start = text.find(one)
    while start >= 0:
        yield start, start + len(one)
        start = text.find(one, start + len(one))


def _is_apart(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit stands beside that is not the end of an escape."""
    before, after = text[max(start - LONGEST_ESCAPE, 0) : start], text[end : end + 1]
    if after.isalnum():
        return False
    return not before[-1:].isalnum() or re.search(ESCAPE, before) is not None


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """Include the characters beside that hold bits of the value too, and what fills the end."""
    before = text[start - 1 : start] in BASE64
    end += text[end : end + 1] in BASE64
    padding = len(text[end : end + 2]) - len(text[end : end + 2].lstrip("="))
    return start - before, end + padding


def _replaced(text: str, found: list[tuple[int, int]]) -> str:
    pieces, done = list[str](), 0
    for start, end in sorted(found):
        if start >= done:
            pieces += (text[done:start], MASK)
        done = max(done, end)
    return "".join((*pieces, text[done:]))


def _is_sought(name: str, text: str) -> bool:
    if looks_secret(name):
        return len(text) >= SHORTEST_NAMED and text.lower() not in PLAIN
    return len(text) >= SHORTEST and not (_is_word(text) and _names(name))


def _names(name: str) -> bool:
    """Whether what bears this name names something itself: a user, a host, a database."""
    return bool(re.search(NAMING, name, re.IGNORECASE))


def _is_word(text: str) -> bool:
    return len(text) <= LONGEST_WORD and text.isalpha()


def _texts(value: SecretValue) -> Iterator[tuple[str, str]]:
    """Yield what of a value a line of text may hold, with what it is called."""
    try:
        text = value.content.decode()
    except UnicodeDecodeError:
        return
    lines = list(islice(_private_lines(text), MOST_LINES))
    yield from ((value.name, line) for line in lines)
    yield from ((name, one) for name, one in _named(text, lines) if looks_secret(name))
    for password in re.findall(PASSWORD, text):
        yield from (("password", password), ("password", unquote(password)))


def _private_lines(text: str) -> Iterator[str]:
    """Yield the lines but for certificates and what marks the ends of a key."""
    public = False
    for line in map(str.strip, text.splitlines()):
        armour = line.startswith(ARMOUR)
        if armour:
            public = line.startswith("-----BEGIN") and line.endswith(CERTIFICATE)
        elif not public:
            yield line


def _named(text: str, lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what has a name inside of a value: members of JSON, or what is set line by line."""
    try:
        yield from _members("", json.loads(text))
    except (ValueError, RecursionError):
        yield from map(_setting, lines)


def _members(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _members(key, member)
    elif isinstance(value, list):
        for member in value:
            yield from _members(name, member)
    elif isinstance(value, str):
        yield from ((name, line) for line in _private_lines(value))


def _setting(line: str) -> tuple[str, str]:
    """Read `name: value` or `name = value`, quoted or not; empty for a line that is none."""
    name, found, value = line.partition("=")
    before, colon, after = line.partition(":")
    if colon and (not found or len(before) < len(name)):
        name, value = before, after
    return (name, value.strip().rstrip(",;").strip("\"'")) if value else ("", "")


def _forms(text: str) -> set[str]:
    """Return a text as it is, and as it stands in JSON and in URLs."""
    plain = json.dumps(text, ensure_ascii=False)[1:-1]
    for_html = plain.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")
    ascii_only = json.dumps(text)[1:-1]
    return {text, plain, for_html, ascii_only, plain.replace("/", r"\/"), quote(text, safe="")}


def _in_base64(content: bytes) -> set[str]:
    """Return what a value looks like in base64, wherever in it the value begins.

    Three bytes are four characters; those that hold bits of others as well are left out.
    """
    found = set[str]()
    for before in range(3):
        encoded = b2a_base64(bytes(before) + content, newline=False).decode()
        found.add(encoded[(8 * before + 5) // 6 : 8 * (before + len(content)) // 6])
    found |= {one.replace("+", "-").replace("/", "_") for one in found}
    return {one for one in found if len(one) >= SHORTEST}
