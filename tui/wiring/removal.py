"""Removing what is kept of an environment once nothing runs in it any more."""

import contextlib
import shutil
from pathlib import Path

from tui.wiring.places import project_state, state_folder


def remove_state(project: Path, environment: str) -> None:
    """Remove the environment's state folder, and the project's when it was the last one."""
    folder = state_folder(project, environment)
    if folder.exists():
        shutil.rmtree(folder)
    with contextlib.suppress(OSError):
        project_state(project).rmdir()
