"""Watching records: what other redrafts release here is taken up as soon as its record says so."""

import asyncio
from collections.abc import Callable

from tui.backends.kubernetes.ledger import Ledger
from tui.backends.kubernetes.records import Record
from tui.clients.kube.session import KubeSession
from tui.clients.kube.watching import Watch


async def watch_records(
    session: KubeSession, ledger: Ledger, take: Callable[[tuple[Record, ...]], None]
) -> None:
    """Hand over all records, oldest first, now and again at each change, until cancelled.

    None are handed over after there were some: they were purged, and a watch that is a moment late
    has not seen that the last one was marked as deleted before. Where Secrets may not be watched
    nothing is handed over.
    """
    changed = asyncio.Event()
    watch = Watch(session, ledger.path, changed.set, ledger.query)
    watching = asyncio.create_task(watch.run())
    had = False
    try:
        while True:
            await changed.wait()
            changed.clear()
            if not watch.now.listed:
                continue
            records = ledger.read(watch.now.objects.values())
            if records or had:
                take(records)
            had = bool(records)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
