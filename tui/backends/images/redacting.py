"""Redacting: the values of build secrets never reach a panel, a log or the history."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from tui.config.environment import BuildSecret
from tui.model.masking import Mask, SecretValue, mask_of

LARGEST = 64 * 1024
"""Bytes of a secret file that are looked for."""


def redaction(secrets: Iterable[BuildSecret], project: Path, environ: Mapping[str, str]) -> Mask:
    """Return what masks the secrets' values in a line. Blocking: reads the secrets' files."""
    contents = (_content(secret, project, environ) for secret in secrets)
    return mask_of(SecretValue("secret", content) for content in contents)


def _content(secret: BuildSecret, project: Path, environ: Mapping[str, str]) -> bytes:
    if secret.source == "file":
        return _read(project / Path(secret.name).expanduser())
    return environ.get(secret.name, "").encode(errors="surrogateescape")


def _read(path: Path) -> bytes:
    """Return what a file holds; nothing where there is none: the builder will say so."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST)
    except OSError:
        return b""
