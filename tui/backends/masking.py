"""Masking: what looks secret, or is known to be, is told to have changed and never shown. Pure.

What only a difference that is shown needs is imported and compiled then: the first paint waits for
this module.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.model.images import FileDifference

if TYPE_CHECKING:
    from tui.model.masking import SecretValue

USERINFO = r"(://[^/\s:@]*):[^@/\s]+@"
ASSIGNED = r"""([\w.\-/]+)(["']?[ \t]*[:=][ \t]*["']?)([^\s"',{}\[\]|>&*][^\s"',}\]]*)"""
"""A name, what stands between, and a plain value, as in YAML, TOML, JSON, INI and .env files."""
SETTINGS = r"\.(ya?ml|toml|json|ini|cfg|conf|properties|tfvars|env)$|(^|/)\.env[^/]*$"
"""Files in which a name with a value is a setting, and no line of a program."""


def masked(name: str, value: str) -> str:
    """Return a value as it may be shown: not at all where its name looks secret."""
    from tui.model.masking import MASK, looks_secret

    return MASK if looks_secret(name) else without_passwords(value)


def without_passwords(text: str) -> str:
    """Return a text with the passwords in its URLs masked."""
    from tui.model.masking import MASK

    return re.sub(USERINFO, rf"\1:{MASK}@", text)


def masked_files(
    files: Iterable[FileDifference], secrets: "Iterable[SecretValue]" = ()
) -> tuple[FileDifference, ...]:
    """Return what differs in files without the values that are secret or, in settings, look so."""
    from tui.model.masking import mask_of

    mask = mask_of(secrets)
    return tuple(replace(file, diff=mask(_masked_settings(file))) for file in files)


def _masked_settings(file: FileDifference) -> str:
    if not re.search(SETTINGS, file.path):
        return file.diff
    return without_passwords(re.sub(ASSIGNED, _masked_assignment, file.diff))


def _masked_assignment(found: re.Match[str]) -> str:
    name, between, value = found.groups()
    return f"{name}{between}{masked(name, value)}"
