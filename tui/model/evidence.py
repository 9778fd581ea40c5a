"""Evidence: of the last lines of something that failed, those that tell most. Pure.

What a program says last is not always why it ended: a package manager advertises its next version,
a stack trace follows the error (JavaScript, Go) or goes before it (Python, Java's root cause). So
the last line that heads an error is looked for, and lines are taken around it.
"""

import re

LINES_KEPT = 50
"""Lines kept of what a process said before it ended, for `telling` to choose from."""

# Patterns as texts, compiled when something failed: the first paint waits for this module.
HEADLINE = (
    r"^\s*(?:"
    r"(?:Uncaught )?(?:[\w$]+\.)*[\w$]*(?:Error|Exception)\b(?:\s*\[[^\]]*\])?(?::|\s*$)"
    r"|Caused by:|Exception in thread |panic:|fatal(?: error)?:|thread '.*' panicked at"
    r"|ERROR\b|FATAL\b|[Ee]rror(?:\[\w+\])?:|npm (?:ERR!|error)\s+\S"
    r")"
)
NOISE = r"^\s*$|^npm notice\b|^\[notice\] A new release of pip\b"

DUMP = (
    r"\b[a-z]\w*\.[A-Z]\w*\{.*\}(?=: )"
    r"|(?<=, got )&[\w.]*\{(?s:.*?\}(?=\n +\.|\s*\Z)|.*\})"
    r"|(?<=byte of )\.\.\.\|.*\|\.\.\."
)
"""What the API server refuses, as Go prints it: a whole object before the reason, a value of the
wrong type after it, or what stands around it in what was sent (up to 1.22). It may be a Secret's.
"""


def without_dumps(text: str) -> str:
    """Leave out what was sent from a refusal of the API server's."""
    return re.sub(DUMP, "…", text)


def telling(lines: tuple[str, ...], most: int) -> tuple[str, ...]:
    """Return at most `most` of the lines, in their order: those around the last error's headline.

    Where none is found they are the last lines, but for those that say nothing of the matter.
    """
    said = _without_noise(lines)
    if most <= 0:
        return ()
    if len(said) <= most:
        return said
    heads = [number for number, line in enumerate(said) if re.match(HEADLINE, line)]
    head = heads[-1] if heads else len(said) - 1
    first = min(max(0, head - most // 2), len(said) - most)
    return said[first : first + most]


def _without_noise(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lines without a noisy end; all of them where there is nothing else."""
    end = len(lines)
    while end and re.match(NOISE, lines[end - 1]):
        end -= 1
    return lines[:end] or lines
