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

    Where Secrets may not be watched nothing is handed over.
    """
    changed = asyncio.Event()
    watch = Watch(session, ledger.path, changed.set, ledger.query)
    watching = asyncio.create_task(watch.run())
    try:
        while True:
            await changed.wait()
            changed.clear()
            if watch.now.listed:
                take(ledger.read(watch.now.objects.values()))
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
