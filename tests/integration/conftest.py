from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.redraft import Redraft
from tests.projects import write_server


@pytest.fixture
def redraft(tmp_path: Path) -> Iterator[Redraft]:
    """Return redraft on a small web app; whatever it started is gone afterwards."""
    one = Redraft(write_server(tmp_path / "greeter"), tmp_path / "home")
    yield one
    if not (one.project / "draft.toml").is_file():
        write_server(one.project)
    one("delete", "--yes")
