from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.supervisor.stage import Stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    stage = Stage(tmp_path)
    try:
        yield stage
    finally:
        await stage.close()
