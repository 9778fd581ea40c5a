"""Syncing: the same files into several containers at once, and what went wrong in one of them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from tui.clients.files.sync_archive import SyncArchive, sync_archive
from tui.model.faults import Fault, FaultError
from tui.model.synced import Incarnation
from tui.model.syncing import SyncFile

AT_ONCE = 16
"""Containers that files are copied into at a time."""
Copy = Callable[[Incarnation, SyncArchive], Awaitable[None]]
"""Does in one container what an archive says; raises FaultError."""


async def sync_into(
    project: Path, into: tuple[Incarnation, ...], files: tuple[SyncFile, ...], copy: Copy
) -> None:
    """Copy files into all these containers; raises FaultError."""
    if not into:
        raise FaultError(_nowhere())
    archive = await asyncio.to_thread(sync_archive, project, files)
    slots = asyncio.Semaphore(AT_ONCE)

    async def copy_into(one: Incarnation) -> None:
        async with slots:
            try:
                await copy(one, archive)
            except FaultError as error:
                raise FaultError(_not_copied(one, error.fault)) from error

    for error in await asyncio.gather(*map(copy_into, into), return_exceptions=True):
        if error is not None:
            raise error


def _nowhere() -> Fault:
    return Fault(
        "sync-no-container",
        "no container runs the app's image, so there is none to sync files into",
        remedy="nothing need be done: the tree is built instead",
    )


def _not_copied(one: Incarnation, fault: Fault) -> Fault:
    said = (fault.sentence, *fault.evidence)
    return replace(
        fault,
        code="sync-failed",
        sentence=f"the saved files could not be copied into {one.pod}",
        evidence=said,
        remedy="have the image's user own the folder that `sync` leads to; the tree is built now",
    )
