"""Ignore patterns as regular expressions: Docker's and Helm's. Pure.

Docker's rules are those of moby/patternmatcher: every pattern is rooted at the context, `**` spans
folders, `*` and `?` never match a slash, a path is ignored with any of its parents, later rules win
and `!` takes back. Helm's (`.helmignore`, which Draft's `.draftignore` follows) know no `**`; a
pattern without a slash matches a name anywhere, a trailing slash means folders only. Git's are
pathspec's job.
"""

import posixpath
import re

from tui.model.frozen import frozen


@frozen
class Rule:
    """One line of an ignore file."""

    line: int
    pattern: re.Pattern[str]
    negated: bool
    folders_only: bool = False


def docker_rules(text: str) -> tuple[Rule, ...]:
    """Read a .dockerignore; lines that are no valid pattern are left out."""
    rules = (_docker_rule(line, raw) for line, raw in _lines(text))
    return tuple(rule for rule in rules if rule is not None)


def helm_rules(text: str) -> tuple[Rule, ...]:
    """Read a .draftignore by Helm's rules; `**` is not supported there and matches nothing."""
    rules = (_helm_rule(line, raw) for line, raw in _lines(text))
    return tuple(rule for rule in rules if rule is not None)


def _lines(text: str) -> list[tuple[int, str]]:
    numbered = enumerate(text.removeprefix("\ufeff").splitlines(), start=1)
    return [(number, line) for number, line in numbered if not line.startswith("#")]


def _docker_rule(line: int, raw: str) -> Rule | None:
    text = raw.strip()
    negated = text.startswith("!")
    text = text[1:].strip() if negated else text
    if not text:
        return None
    cleaned = posixpath.normpath(text).lstrip("/")
    if cleaned in {"", "."}:
        return None
    return _rule(line, translate(cleaned, spanning=True), negated)


def _helm_rule(line: int, raw: str) -> Rule | None:
    text = raw.strip()
    negated = text.startswith("!")
    text = text[1:] if negated else text
    if not text or "**" in text:
        return None
    folders_only = text.endswith("/")
    text = text.rstrip("/")
    rooted = text.startswith("/") or "/" in text
    body = translate(text.lstrip("/"), spanning=False)
    return _rule(line, body if rooted else f"(?:.*/)?{body}", negated, folders_only)


def _rule(line: int, body: str, negated: bool, folders_only: bool = False) -> Rule | None:
    try:
        pattern = re.compile(body, re.DOTALL)
    except re.error:
        return None
    return Rule(line, pattern, negated, folders_only)


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
