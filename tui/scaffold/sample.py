"""The sample web app of the demo."""

import shutil
from pathlib import Path

from tui.scaffold.packs import SAMPLE, built_in


def copy_sample(target: Path) -> None:
    """Copy the sample app into a folder that is made for it."""
    shutil.copytree(built_in() / SAMPLE, target)
