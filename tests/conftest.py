from collections.abc import Iterator

import pytest

from tests.testbed import engine_environment, registry_host
from tui.clients.docker.engine import Engine


@pytest.fixture
def engine() -> Iterator[Engine]:
    """The real engine; the test is skipped, saying why, where there is none."""
    one = Engine(environ=engine_environment())
    yield one
    one.close()


@pytest.fixture
def registry() -> str:
    """The real registry's host; the test is skipped, saying why, where there is none."""
    return registry_host()
