"""The engine is stopped and started again: told, watched on, picked up again, no line lost.

This stops the engine for everybody, so it runs alone and only when asked, see
`tests.integration.kube.test_faults`.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.integration.docker.stage import Stage
from tests.integration.docker.test_logs import stored, wait_until, watching, write_talker
from tests.integration.kube.test_faults import Bed
from tests.integration.redraft import Redraft, fetch
from tests.supervisor.stage import get

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


@pytest.fixture
def bed() -> Iterator[Bed]:
    program = os.environ.get("REDRAFT_TEST_BED", "")
    if not program:
        pytest.skip("REDRAFT_TEST_BED is not set: this stops the engine")
    yield Bed(program)
    subprocess.run([program, "up"], check=True, capture_output=True)


async def test_the_keeper_tells_a_lost_engine_and_serves_again_when_it_is_back(
    stage: Stage, bed: Bed
) -> None:
    await stage.apply(stage.app(1))
    before = await stage.until_serving(1)
    await bed.stop("dockerd")
    lost = await stage.until(lambda seen: seen.lost_since > 0)
    assert lost.pods
    await bed.up()
    after = await stage.until(lambda seen: not seen.lost_since and seen.serving == 1)
    assert after.url == before.url
    assert await get(after.url) == "revision 1"


async def test_no_line_is_missed_or_repeated_over_it(redraft: Redraft, bed: Bed) -> None:
    write_talker(redraft)
    url = redraft.good("up").strip()
    with watching(redraft, signal.SIGINT):
        wait_until(lambda: len(stored(redraft, "out")) > 500)
        await bed.stop("dockerd")
        await bed.up()
        wait_until(lambda: 0 in stored(redraft, "out")[500:])
        count = int(fetch(f"{url}/stop"))
        wait_until(lambda: stored(redraft, "err")[-1:] == [count - 1])
    lines = stored(redraft, "out")
    assert lines.count(0) == 2
    assert all(after in (before + 1, 0) for before, after in pairwise(lines))
    assert lines[-1] == count - 1
