"""The engine is stopped and started again: told, watched on, picked up again, no line lost."""

import asyncio
import signal
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.integration.docker.own_engine import OwnEngine
from tests.integration.docker.stage import PYTHON, Stage
from tests.integration.docker.test_logs import stored, wait_until, watching, write_talker
from tests.integration.redraft import Redraft, fetch
from tests.supervisor.stage import get
from tests.testbed import engine_environment

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def engine() -> Iterator[OwnEngine]:
    engine_environment()
    engine = OwnEngine()
    try:
        engine.start()
        engine.load(PYTHON)
        yield engine
    finally:
        engine.remove()


@pytest.fixture(autouse=True)
def chosen(engine: OwnEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have everything of a test mean the engine of its own."""
    monkeypatch.setenv("DOCKER_HOST", engine.host)


async def test_the_keeper_tells_a_lost_engine_and_serves_again_when_it_is_back(
    engine: OwnEngine, stage: Stage
) -> None:
    await stage.apply(stage.app(1))
    before = await stage.until_serving(1)
    await asyncio.to_thread(engine.stop)
    lost = await stage.until(lambda seen: seen.lost_since > 0)
    assert lost.pods
    await asyncio.to_thread(engine.start)
    after = await stage.until(lambda seen: not seen.lost_since and seen.serving == 1)
    assert after.url == before.url
    assert await get(after.url) == "revision 1"


def test_no_line_is_missed_or_repeated_over_it(engine: OwnEngine, redraft: Redraft) -> None:
    write_talker(redraft)
    url = redraft.good("up").strip()
    with watching(redraft, signal.SIGINT):
        wait_until(lambda: len(stored(redraft, "out")) > 500)
        engine.stop()
        engine.start()
        wait_until(lambda: 0 in stored(redraft, "out")[500:])
        count = int(fetch(f"{url}/stop"))
        wait_until(lambda: stored(redraft, "err")[-1:] == [count - 1])
    lines = stored(redraft, "out")
    assert lines.count(0) == 2
    assert all(after in (before + 1, 0) for before, after in pairwise(lines))
    assert lines[-1] == count - 1
