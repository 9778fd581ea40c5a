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
from tui.model.globs import translate


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
