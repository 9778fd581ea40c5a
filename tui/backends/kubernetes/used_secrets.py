"""The Secrets that pods use: watched one by one, so that what their values are is always known.

Only Secrets that some pod names are asked for, each by its name, never the namespace's list. A
value stays masked after it was changed in the cluster, since what runs may still print the old one.
Values are kept in memory only. Everything runs on one loop.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import NoReturn

from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.secret_values import secrets_used, values_held
from tui.clients.kube.resources import segment
from tui.clients.kube.session import KubeSession
from tui.clients.kube.watching import NOT_FOR_US, Watch
from tui.model.faults import Fault
from tui.model.masking import Mask, SecretValue, mask_of


@asynccontextmanager
async def used_by(session: KubeSession, namespace: str, pod: str) -> AsyncIterator["UsedSecrets"]:
    """Know the Secrets of one pod while the `async with` lasts; raises FaultError."""
    found = await session.get(f"/api/v1/namespaces/{segment(namespace)}/pods/{segment(pod)}")
    secrets = UsedSecrets(session, namespace)
    try:
        secrets.use([found])
        await secrets.read([found])
        yield secrets
    finally:
        await secrets.close()


class UsedSecrets:
    """Knows what is to be masked in the words of some pods of a namespace."""

    def __init__(self, session: KubeSession, namespace: str) -> None:
        self.mask = Mask()
        """Masks all values that were ever read here."""
        self._session = session
        self._path = f"/api/v1/namespaces/{segment(namespace)}/secrets"
        self._values: frozenset[SecretValue] = frozenset()
        self._watches: dict[str, Watch] = {}
        self._tasks: dict[str, asyncio.Task[NoReturn]] = {}
        self._read: set[str] = set()
        self._news = asyncio.Event()

    def use(self, pods: Iterable[RawObject]) -> None:
        """Watch the Secrets of these pods, and no others any more."""
        names = frozenset[str]().union(*map(secrets_used, pods))
        for gone in self._watches.keys() - names:
            del self._watches[gone]
            self._tasks.pop(gone).cancel()
        for name in names - self._watches.keys():
            query = {"fieldSelector": f"metadata.name={name}"}
            self._watches[name] = Watch(self._session, self._path, self._take, query)
            self._tasks[name] = asyncio.create_task(self._watches[name].run())
            self._tasks[name].add_done_callback(lambda _: self._tell())

    async def read(self, pods: Iterable[RawObject]) -> None:
        """Wait until the Secrets that these pods use were read, or are known not to be had.

        What was never read before `use` left it out is waited for until it is used again.
        """
        names = frozenset[str]().union(*map(secrets_used, pods))
        while not all(map(self._is_read, names)):
            await self._news.wait()

    def unread(self, pod: RawObject) -> Fault | None:
        """Return why a Secret that the pod uses cannot be read, None when all can."""
        watched = (self._watches[name].now for name in secrets_used(pod) & self._watches.keys())
        return next((one.fault for one in watched if not one.listed and one.fault), None)

    async def close(self) -> None:
        """Watch no more, until `use` is called again."""
        tasks = list(self._tasks.values())
        self.use(())
        await asyncio.gather(*tasks, return_exceptions=True)

    def _is_read(self, name: str) -> bool:
        """Whether it was ever listed, or may not be; raises what ended its watch."""
        if watch := self._watches.get(name):
            if (task := self._tasks[name]).done():
                task.result()
            fault = watch.now.fault
            if watch.now.listed or (fault is not None and fault.code in NOT_FOR_US):
                self._read.add(name)
        return name in self._read

    def _take(self) -> None:
        """Add what is held now to what is masked."""
        objects = (one for watch in self._watches.values() for one in watch.now.objects.values())
        values = self._values | values_held(objects)
        if values != self._values:
            self._values, self.mask = values, mask_of(values)
        self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
