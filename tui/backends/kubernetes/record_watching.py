"""Watching records: what other redrafts release here is taken up as soon as its record says so."""

import asyncio
from collections.abc import Callable

from tui.backends.kubernetes.ledger import Ledger
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.records import Record
from tui.clients.kube.session import KubeSession
from tui.clients.kube.watching import Watch


async def watch_records(
    session: KubeSession, ledger: Ledger, take: Callable[[tuple[Record, ...]], None]
) -> None:
    """Hand over all records, oldest first, now and again at each change, until cancelled.

    A purge marks the newest one as deleted and removes it at once, so what is removed is handed
    over too where it bears the mark. Without it nobody deleted the release: its namespace went, or
    a Secret. Where Secrets may not be watched nothing is handed over.
    """
    changed = asyncio.Event()

    def removed(secret: RawObject) -> None:
        last = ledger.read([secret])
        if last and last[0].deleted:
            take(last)

    watch = Watch(session, ledger.path, changed.set, ledger.query, removed)
    watching = asyncio.create_task(watch.run())
    try:
        while True:
            await changed.wait()
            changed.clear()
            if watch.now.listed and (records := ledger.read(watch.now.objects.values())):
                take(records)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
