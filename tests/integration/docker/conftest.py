from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.integration.docker.project import name_of, write_project
from tests.integration.docker.stage import Stage
from tests.integration.redraft import Redraft
from tests.testbed import engine_environment, remove_images


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    engine_environment()
    stage = Stage(tmp_path)
    try:
        yield stage
    finally:
        await stage.close()


@pytest.fixture
def redraft(tmp_path: Path) -> Iterator[Redraft]:
    """Return redraft on a web app in containers; whatever it made is gone afterwards."""
    engine_environment()
    one = Redraft(write_project(tmp_path / "greeter"), tmp_path / "home")
    yield one
    one("delete", "--yes")
    remove_images(name_of(one.project))
