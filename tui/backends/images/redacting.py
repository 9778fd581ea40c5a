"""Redacting: the values of build secrets never reach a panel, a log or the history."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tui.backends.masking import masking
from tui.config.environment import BuildSecret

LARGEST = 64 * 1024
"""Bytes of a secret file that are looked for."""


def redaction(
    secrets: Iterable[BuildSecret], project: Path, environ: Mapping[str, str]
) -> Callable[[str], str]:
    """Return what masks the secrets' values in a line. Blocking: reads the secrets' files."""
    return masking(_value(secret, project, environ) for secret in secrets)


def _value(secret: BuildSecret, project: Path, environ: Mapping[str, str]) -> str:
    if secret.source == "file":
        return _read(project / Path(secret.name).expanduser())
    return environ.get(secret.name, "")


def _read(path: Path) -> str:
    """Return a file's text; empty where there is none: the builder will say so."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST).decode(errors="replace")
    except OSError:
        return ""
