"""Looking: when files were changed last, whatever was told of them."""

import os
import stat
from pathlib import Path

Looks = dict[str, float]
"""When files were changed last, Unix time; 0 for those that are not there."""


def changed_at(project: Path, path: str) -> float:
    """Return the time of a file's last change; 0 for a folder and where nothing is."""
    try:
        found = os.lstat(f"{project}/{path}")
    except OSError:
        return 0.0
    return 0.0 if stat.S_ISDIR(found.st_mode) else found.st_ctime
