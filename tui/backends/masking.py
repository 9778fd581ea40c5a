"""Masking: what looks secret, or is known to be, is told to have changed and never shown. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from tui.model.images import FileDifference

SECRET = re.compile(
    r"secret|token|passw|pwd|api_?key|private|credential|auth|cookie|signature|dsn", re.IGNORECASE
)
USERINFO = re.compile(r"(://[^/\s:@]*):[^@/\s]+@")
# Patterns as texts, compiled when a difference is shown: the first paint waits for this module.
ASSIGNED = r"""([\w.\-/]+)(["']?[ \t]*[:=][ \t]*["']?)([^\s"',{}\[\]|>&*][^\s"',}\]]*)"""
"""A name, what stands between, and a plain value, as in YAML, TOML, JSON, INI and .env files."""
SETTINGS = r"\.(ya?ml|toml|json|ini|cfg|conf|properties|tfvars|env)$|(^|/)\.env[^/]*$"
"""Files in which a name with a value is a setting, and no line of a program."""
MASK = "••••••"
SHORTEST = 4
"""Characters; a shorter value is no secret, and masking it would garble every line."""


def masked(name: str, value: str) -> str:
    """Return a value as it may be shown: not at all where its name looks secret."""
    return MASK if SECRET.search(name) else USERINFO.sub(rf"\1:{MASK}@", value)


def masking(values: Iterable[str]) -> Callable[[str], str]:
    """Return what masks these values in a text; those of many lines line by line."""
    lines = {line.strip() for value in values for line in value.splitlines()}
    longest_first = sorted((one for one in lines if len(one) >= SHORTEST), key=len, reverse=True)

    def mask(text: str) -> str:
        for one in longest_first:
            text = text.replace(one, MASK)
        return text

    return mask


def masked_files(
    files: Iterable[FileDifference], secrets: Iterable[str] = ()
) -> tuple[FileDifference, ...]:
    """Return what differs in files without the values that are secret or, in settings, look so."""
    mask = masking(secrets)
    return tuple(replace(file, diff=mask(_masked_settings(file))) for file in files)


def _masked_settings(file: FileDifference) -> str:
    if not re.search(SETTINGS, file.path):
        return file.diff
    return USERINFO.sub(rf"\1:{MASK}@", re.sub(ASSIGNED, _masked_assignment, file.diff))


def _masked_assignment(found: re.Match[str]) -> str:
    name, between, value = found.groups()
    return f"{name}{between}{masked(name, value)}"
