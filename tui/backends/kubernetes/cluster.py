"""The cluster of an environment: one session for everybody, opened when it is first needed.

What watches and sends requests is imported as late: aiohttp alone takes a quarter of a second.
"""

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from tui.model.places import Place

if TYPE_CHECKING:
    from tui.backends.kubernetes.watches import Watches
    from tui.clients.kube.session import KubeSession


class Cluster:
    """Holds the session with the pinned context until it is closed."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._session: KubeSession | None = None
        self._watches: Watches | None = None

    @property
    def namespace(self) -> str:
        """The namespace that all of the environment's own objects are in."""
        return self.place.namespace

    async def session(self) -> "KubeSession":
        """Return the session; raises FaultError when it cannot be opened."""
        async with self._opening:
            if self._session is None:
                from tui.clients.kube.session import KubeSession

                opened = KubeSession.open(self.place.context)
                self._session = await self._stack.enter_async_context(opened)
            return self._session

    async def watches(self) -> "Watches":
        """Return what watches the namespace for everybody; raises FaultError as `session` does."""
        from tui.backends.kubernetes.watches import Watches

        session = await self.session()
        if self._watches is None or self._watches.session is not session:
            self._watches = Watches(session, self.namespace)
        return self._watches

    async def close(self) -> None:
        """End the session; a later request opens another."""
        async with self._opening:
            self._session = None
            await self._stack.aclose()
