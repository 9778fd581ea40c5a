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
        await _run([*self._stop, part])

    async def start(self, part: str) -> None:
        """Start a part, and return once it serves."""
        await _run([*self._start, part])
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


async def _run(command: list[str]) -> None:
    def run() -> None:
        subprocess.run(command, check=True, capture_output=True, timeout=120)

    await asyncio.to_thread(run)
