"""Redacting: the values of build secrets never reach a panel, a log or the history."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tui.config.environment import BuildSecret

MASK = "••••••"
SHORTEST = 4
"""Characters; a shorter value is no secret, and masking it would garble every line."""
LARGEST = 64 * 1024
"""Bytes of a secret file that are looked for."""


def redaction(
    secrets: Iterable[BuildSecret], project: Path, environ: Mapping[str, str]
) -> Callable[[str], str]:
    """Return what masks the secrets' values in a line. Blocking: reads the secrets' files."""
    values = {line for secret in secrets for line in _lines(secret, project, environ)}
    longest_first = sorted(values, key=len, reverse=True)

    def redact(line: str) -> str:
        for value in longest_first:
            line = line.replace(value, MASK)
        return line

    return redact


def _lines(secret: BuildSecret, project: Path, environ: Mapping[str, str]) -> list[str]:
    """Return a secret's lines, since a step's output is looked at line by line."""
    text = environ.get(secret.name, "")
    if secret.source == "file":
        text = _read(project / Path(secret.name).expanduser())
    return [line.strip() for line in text.splitlines() if len(line.strip()) >= SHORTEST]


def _read(path: Path) -> str:
    """Return a file's text; empty where there is none: the builder will say so."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST).decode(errors="replace")
    except OSError:
        return ""
