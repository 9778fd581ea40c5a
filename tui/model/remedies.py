"""Remedies: what an app's last words tell about the way out. Pure."""

import re

from tui.model.rollouts import Termination

PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"\bNo module named '?([\w.]+)"),
        "add {0} to the dependencies: requirements.txt or pyproject.toml",
    ),
    (
        re.compile(r"Cannot find module '([^'./][^']*)'"),
        "add {0} to the dependencies in package.json",
    ),
    (
        re.compile(r"(?:Address already in use|EADDRINUSE)", re.IGNORECASE),
        "listen on the port that the environment variable PORT names; a fixed one is taken",
    ),
    (re.compile(r"KeyError: '([A-Z][A-Z0-9_]+)'"), "set {0} in the `env` table of draft.toml"),
    (re.compile(r"\b(?:SyntaxError|IndentationError)\b"), "correct the syntax error and save"),
    (
        re.compile(r"PermissionError: .*?'([^']+)'"),
        "make {0} accessible to the user who runs the app",
    ),
)


def remedy_for(last: Termination) -> str:
    """Return what to do about how a container ended, as one imperative sentence."""
    text = "\n".join(last.last_lines)
    for pattern, remedy in PATTERNS:
        if match := pattern.search(text):
            return remedy.format(*match.groups())
    if last.exit_code == 0:
        return "keep the app running: a process that ends by itself is started again"
    if last.signal == 9:
        return "look for what killed it: too little memory, or someone's kill -9"
    if not last.last_lines:
        return "let it say why it ends, for it printed nothing; correct the cause and save"
    return "read its last lines, correct the cause and save: the next revision follows by itself"
