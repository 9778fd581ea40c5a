"""Recovering: a Helm release that a dead helm left half-way, made whole again.

Helm marks a release as pending before it changes anything and refuses to touch it from then on. If
it dies, the mark stays. Ours are known by a file written before each run; another's counts as dead
once it is older than helm itself waits for anything. A rollback to the last revision that was whole
(or to the half-made first one) takes the mark away and deletes nothing that this revision has.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tui.backends.kubernetes.helm_storage import HelmStorage
from tui.backends.kubernetes.turns import Hold
from tui.clients.helm.releases import GOOD, HelmRevision
from tui.clients.helm.verbs import Helm
from tui.model.faults import Fault, FaultError
from tui.ports.telling import Steps

FILE = "helm.json"
DEAD_AFTER = 300.0
"""Seconds; helm's own default timeout."""
PATIENCE = 30.0
LOOK = 1.0
"""Seconds between two looks at a release, and after which it is told what is waited for."""
WAIT = "wait for another helm"
BUSY = re.compile(r"another operation .* is in progress")
"""How helm refuses a release that another helm is at."""


class Recovery:
    """Finds and mends what helm left half-way."""

    def __init__(self, helm: Helm, storage: HelmStorage, state: Path) -> None:
        self._helm = helm
        self._storage = storage
        self._path = state / FILE

    @asynccontextmanager
    async def noted(self, release: str, before: HelmRevision | None) -> AsyncIterator[None]:
        """Keep a note of the run while the `async with` lasts, and where it was left half-way."""
        revision = (before.revision if before else 0) + 1
        self._path.write_text(json.dumps({"release": release, "revision": revision}))
        try:
            yield
        except FaultError as error:
            with suppress(FaultError):  # out of reach: it may have been left so
                if is_busy(error.fault) or not await self._is_pending(release, revision):
                    self._path.unlink(missing_ok=True)  # another helm may be at it, or be so next
            raise
        self._path.unlink(missing_ok=True)

    async def _is_pending(self, release: str, revision: int) -> bool:
        found = await self._storage.newest(release)
        return found is not None and found.pending and found.revision == revision

    async def settle(self, release: str, hold: Hold, steps: Steps) -> HelmRevision | None:
        """Return the release's newest revision, with none pending; raises FaultError."""
        await self._until_idle(steps)
        while (found := await self._storage.newest(release)) is not None and found.pending:
            if self._is_dead(release, found):
                await self._mend(release, found, hold, steps)
            else:
                await self._outwait(release, found, steps)
        return found

    async def _until_idle(self, steps: Steps) -> None:
        """Wait for the helm of a redraft that died, and say so unless it ends soon."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK):
                return await self._helm.idle()
        async with steps.step(WAIT):
            steps.printed(WAIT, ("a helm that redraft began earlier is still at work",))
            await self._helm.idle()

    async def _outwait(self, release: str, busy: HelmRevision, steps: Steps) -> None:
        """Wait until nobody is at work on the release, or was for too long; raises FaultError."""
        async with steps.step(WAIT):
            steps.printed(WAIT, (f"revision {busy.revision} of {release} is {busy.status}",))
            deadline = time.monotonic() + PATIENCE
            found: HelmRevision | None = busy
            while found is not None and found.pending and not self._is_dead(release, found):
                if time.monotonic() > deadline:
                    raise FaultError(_busy(release, found))
                await asyncio.sleep(LOOK)
                found = await self._storage.newest(release)

    async def _mend(self, release: str, found: HelmRevision, hold: Hold, steps: Steps) -> None:
        target = whole_revision(await self._helm.history(release))
        async with steps.step("recover the Helm release") as note:
            note.text = f"revision {found.revision} was left {found.status}: back to {target}"
            steps.printed("recover the Helm release", (note.text,))
            await hold()
            await self._helm.rollback(release, target, hooks=False)
        self._path.unlink(missing_ok=True)

    def _is_dead(self, release: str, found: HelmRevision) -> bool:
        return self._note() == (release, found.revision) or is_old(found, time.time())

    def _note(self) -> tuple[str, int]:
        try:
            plain = json.loads(self._path.read_text())
            return str(plain["release"]), int(plain["revision"])
        except (OSError, ValueError, KeyError, TypeError):  # none, or written by halves
            return "", 0


def is_old(found: HelmRevision, now: float) -> bool:
    """Whether nobody can be at it any more."""
    return bool(found.updated) and now - found.updated > DEAD_AFTER


def is_busy(fault: Fault) -> bool:
    """Whether helm failed since another one was faster."""
    return any(BUSY.search(line) for line in fault.evidence)


def whole_revision(history: Sequence[HelmRevision]) -> int:
    """Return the newest revision that was whole, else the newest that was begun."""
    good = [revision.revision for revision in history if revision.status in GOOD]
    return good[-1] if good else history[-1].revision


def _busy(release: str, found: HelmRevision) -> Fault:
    return Fault(
        "helm-busy",
        f"another helm is at work on the release {release}",
        kind="unreachable",
        evidence=(f"revision {found.revision} is {found.status}",),
        remedy=f"wait for it; if it is dead, run `helm rollback {release}`",
    )
