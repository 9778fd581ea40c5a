from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backends.images.project import Project
from tests.testbed import fresh_name, remove_images
from tui.config.environment import Environment


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A project without a registry; its images are gone afterwards."""
    name = fresh_name()
    folder = tmp_path / "project"
    folder.mkdir()
    yield Project(folder, tmp_path / "state", Environment("development", name))
    remove_images(name)
