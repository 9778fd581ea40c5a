"""Every command tells of a supervisor that hangs, can be left meanwhile, and goes on after it."""

import asyncio
import json
import re
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.cluster import eventually
from tests.integration.redraft import PATIENCE, Redraft, fetch

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

TELLING = ("status", "why", "history", "doctor", "up", "delete --yes")
KNOCKS = 4
"""How often one try knocks at most: two streams, each with a question whether it lives."""
LEFT = ("status", "logs --follow", "doctor", "up", "delete --yes")


@pytest.fixture
async def hanging(redraft: Redraft) -> AsyncIterator[str]:
    """Bring it up, and stop its supervisor in its tracks; return its socket."""
    redraft.good("up")
    told = record_of(redraft)
    await eventually(lambda: not knocking(told["socket"]))
    supervisor = psutil.Process(told["pid"])
    supervisor.suspend()
    yield told["socket"]
    if supervisor.is_running():
        supervisor.resume()


def record_of(redraft: Redraft) -> dict[str, Any]:
    """Return what the supervisor tells of itself."""
    (record,) = Path(redraft.env["XDG_STATE_HOME"]).glob("redraft/*/development/supervisor.json")
    told: dict[str, Any] = json.loads(record.read_text())
    return told


@contextmanager
def running(redraft: Redraft, command: str, stderr: int) -> "Iterator[subprocess.Popen[str]]":
    """Have a command run; it is gone after the `with`."""
    with redraft.start(*command.split(), stderr=stderr) as process:
        try:
            yield process
        finally:
            process.kill()


def knocking(socket: str) -> int:
    """Count who is, or waits to be, let in at a unix socket."""
    return Path("/proc/net/unix").read_text().count(socket) - 1


def test_every_command_tells_of_it_and_its_remedy_helps(redraft: Redraft, hanging: str) -> None:
    with ThreadPoolExecutor(len(TELLING)) as pool:
        done = list(pool.map(lambda command: redraft(*command.split()), TELLING))
    assert [one.returncode for one in done] == [1] * len(TELLING)
    said = [one.stdout + one.stderr for one in done]
    remedies = [re.findall(r"`(kill -KILL \d+)`, then the same again", text) for text in said]
    assert all(remedies), said
    subprocess.run(remedies[0][0].split(), check=True)
    assert fetch(redraft.good("up").strip()) == "hello one"


async def test_who_follows_the_log_is_told_once_however_often_it_tries(
    redraft: Redraft, hanging: str
) -> None:
    with running(redraft, "logs --follow", stderr=subprocess.STDOUT) as following:
        assert following.stdout is not None
        assert any("[supervisor-hangs]" in line for line in following.stdout)
        told_at = knocking(hanging)
        await eventually(lambda: knocking(hanging) > told_at + KNOCKS)
        following.send_signal(signal.SIGINT)
        rest, _ = await asyncio.to_thread(following.communicate, timeout=PATIENCE)
    assert "supervisor-hangs" not in rest


@pytest.mark.parametrize("command", LEFT)
async def test_who_waits_for_it_can_leave_at_once(
    command: str, redraft: Redraft, hanging: str
) -> None:
    with running(redraft, command, stderr=subprocess.PIPE) as waiting:
        await eventually(lambda: knocking(hanging))
        waiting.send_signal(signal.SIGINT)
        _, said = await asyncio.to_thread(waiting.communicate, timeout=PATIENCE)
    assert waiting.returncode == 130
    assert "supervisor-hangs" not in said
