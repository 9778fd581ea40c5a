"""Parts of the test bed that a test stops and starts, and what keeps that from the other tests.

Every test marked `integration` holds a lock with all others of its kind; one marked `stops_parts`
holds it alone, across all processes of a run. A gate comes before it, in which whoever is to be
alone waits: so a stream of others does not keep it waiting for ever.

REDRAFT_TEST_STOP and REDRAFT_TEST_START are commands that are given a part's name: dockerd, etcd,
kube-apiserver, kubelet. Where they are not set, tests that need them are skipped.
"""

import asyncio
import fcntl
import os
import shlex
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from tests.cluster import eventually
from tests.testbed import lacking


@contextmanager
def sharing_the_bed(*, alone: bool) -> Iterator[None]:
    """Wait until the test bed is free for this test, and keep it so while the `with` lasts."""
    with _lock_file("gate").open("w") as gate, _lock_file("bed").open("w") as bed:
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(bed, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(gate, fcntl.LOCK_UN)
        yield


def _lock_file(name: str) -> Path:
    return Path(tempfile.gettempdir()) / f"redraft-tests-{os.getuid()}.{name}"


class Parts:
    """Stops and starts parts of the test bed."""

    def __init__(self, stop: str, start: str) -> None:
        self._stop, self._start = shlex.split(stop), shlex.split(start)
        self._stopped: list[str] = []

    async def stop(self, part: str) -> None:
        """Stop a part, and return once it is gone."""
        self._stopped.append(part)
        done = await _run([*self._stop, part])
        assert done.returncode == 0, done.stderr

    async def start(self, part: str) -> None:
        """Start a part, and return once it serves: a node may say at first that it is not ready."""
        await eventually(lambda: _succeeds([*self._start, part]))
        self._stopped.remove(part)

    @asynccontextmanager
    async def stopped(self, part: str) -> AsyncIterator[None]:
        """Keep a part stopped while the `async with` lasts."""
        await self.stop(part)
        try:
            yield
        finally:
            await self.start(part)

    async def restore(self) -> None:
        """Start what is still stopped."""
        for part in tuple(self._stopped):
            await self.start(part)


def find_parts() -> Parts:
    """Return the parts that the environment names; skips the test where it names none."""
    commands = [os.environ.get(f"REDRAFT_TEST_{verb}", "") for verb in ("STOP", "START")]
    if not all(commands):
        lacking("REDRAFT_TEST_STOP and REDRAFT_TEST_START name no commands that stop parts")
    return Parts(*commands)


async def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)

    return await asyncio.to_thread(run)


async def _succeeds(command: list[str]) -> bool:
    return (await _run(command)).returncode == 0
