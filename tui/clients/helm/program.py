"""Running the helm program for one context and namespace.

Both are always named, and the variables by which helm would be led elsewhere are kept from it.
What changes the cluster runs under a lock on a file that helm inherits: when redraft is killed,
helm works on, and the lock is free only once helm has ended. So nobody finds a release half-way
that is about to be whole. What helm reads on stdin is there before it starts, in a file without a
name: from a pipe that a dead redraft did not fill it would read no values, and deploy those of the
release before under the name of the new one.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tui.clients.helm.faults import helm_failed, helm_missing, helm_running
from tui.clients.lock import FileLock
from tui.clients.programs import Answer, ask_program
from tui.model.faults import FaultError
from tui.model.frozen import frozen

ELSEWHERE = ("HELM_KUBE", "HELM_NAMESPACE")
"""Beginnings of the variables that name another cluster, user or namespace."""
GRACE = 8.0
"""Seconds helm gets to mark what it was doing as failed, once cancelled."""
LOCK_PATIENCE = 60.0


@frozen
class Program:
    """The helm program, bound to one context and namespace."""

    context: str
    namespace: str
    lock: Path
    """The file locked while helm changes anything."""
    name: str = "helm"

    async def read(self, doing: str, *arguments: str, stdin: str = "") -> str:
        """Run a command that changes nothing; return its stdout. Raises FaultError."""
        return _good(doing, await self._run(arguments, stdin, ()))

    async def change(self, doing: str, *arguments: str, stdin: str = "") -> str:
        """Run a command that changes the cluster; return its stdout. Raises FaultError."""
        async with self._locked() as descriptor:
            return _good(doing, await self._run(arguments, stdin, (descriptor,)))

    async def _run(
        self, arguments: Sequence[str], stdin: str, inherited: tuple[int, ...]
    ) -> Answer:
        bound = ("--kube-context", self.context, "--namespace", self.namespace)
        try:
            return await ask_program(
                (self.name, *bound, *arguments),
                env=surroundings(os.environ),
                stdin=stdin,
                inherited=inherited,
                grace=GRACE,
            )
        except FileNotFoundError as error:
            raise FaultError(helm_missing()) from error

    async def idle(self) -> None:
        """Wait until no helm changes anything; one may have outlived its redraft."""
        async with self._locked():
            pass

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[int]:
        lock = FileLock(self.lock)
        deadline = time.monotonic() + LOCK_PATIENCE
        while (descriptor := lock.descriptor()) is None:
            if time.monotonic() > deadline:
                raise FaultError(helm_running())
            await asyncio.sleep(0.1)
        try:
            yield descriptor
        finally:
            lock.release()


def surroundings(own: Mapping[str, str]) -> dict[str, str]:
    """Return the environment helm runs in: the user's, without what leads it elsewhere."""
    return {name: value for name, value in own.items() if not name.startswith(ELSEWHERE)}


def _good(doing: str, answer: Answer) -> str:
    if answer.code:
        raise FaultError(helm_failed(doing, answer.stderr or answer.stdout))
    return answer.stdout
