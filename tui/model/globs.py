"""Globs as regular expressions: Docker's, which sync rules are written in too. Pure.

`*` and `?` never match a slash, `[...]` is one character, `**` spans folders where it is asked for.
"""

import re


def translate(glob: str, *, spanning: bool) -> str:
    """Return the regular expression of a glob, to be matched in full."""
    parts, at = [], 0
    while at < len(glob):
        part, at = _next_part(glob, at, spanning)
        parts.append(part)
    return "".join(parts)


def _next_part(glob: str, at: int, spanning: bool) -> tuple[str, int]:
    character = glob[at]
    if spanning and glob.startswith("**", at):
        return _double_star(glob, at)
    if character == "*":
        return "[^/]*", at + 1
    if character == "?":
        return "[^/]", at + 1
    if character == "\\" and at + 1 < len(glob):
        return re.escape(glob[at + 1]), at + 2
    if character == "[":
        return _class(glob, at)
    return re.escape(character), at + 1


def _double_star(glob: str, at: int) -> tuple[str, int]:
    after = at
    while after < len(glob) and glob[after] == "*":
        after += 1
    if glob.startswith("/", after):
        return "(?:.*/)?", after + 1
    return ".*", after


def _class(glob: str, at: int) -> tuple[str, int]:
    end = glob.find("]", at + 2)
    if end < 0:
        return re.escape("["), at + 1
    body = glob[at + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
    return f"[{body}]", end + 1
