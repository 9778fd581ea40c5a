from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.backends.project import Project


@pytest.fixture
async def project(tmp_path: Path) -> AsyncIterator[Project]:
    project = Project(tmp_path)
    try:
        yield project
    finally:
        await project.close()
