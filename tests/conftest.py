import signal
from collections.abc import AsyncIterator, Generator, Iterator

import pytest
from hypothesis import settings

from tests.parts import Parts, find_parts, sharing_the_bed
from tests.testbed import engine_environment, lacking, registry_host
from tui.clients.docker.engine import Engine
from tui.clients.docker.plugin import find_buildx


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let tests that stop parts of the test bed run alone; outside of the test's timeout."""
    alone = item.get_closest_marker("stops_parts") is not None
    if not alone and item.get_closest_marker("integration") is None:
        return (yield)
    with sharing_the_bed(alone=alone):
        return (yield)


def pytest_configure() -> None:
    """Obey Ctrl-C again, whoever runs the tests in the background: what they start inherits it.

    Hypothesis is not to time examples, either: on a machine that does more than test, one may wait.
    """
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
async def parts() -> AsyncIterator[Parts]:
    """The parts of the test bed, for tests marked `stops_parts`; all of them run afterwards."""
    one = find_parts()
    yield one
    await one.restore()


@pytest.fixture
def engine() -> Iterator[Engine]:
    """The real engine; the test is skipped, saying why, where there is none."""
    one = Engine(environ=engine_environment())
    yield one
    one.close()


@pytest.fixture
def buildx(engine: Engine) -> str:
    """docker's buildx; the test is skipped, saying why, where it is not installed."""
    found = find_buildx(engine.environ)
    if not found:
        lacking("docker buildx is not installed")
    return found


@pytest.fixture
def registry() -> str:
    """The real registry's host; the test is skipped, saying why, where there is none."""
    return registry_host()
