"""Holding back what an iteration tells until it is certain that there is to be one."""

import asyncio

from tui.model.events import Event
from tui.ports.backend import Tell


class HeldEvents:
    """Keeps events until they may be told; passes them on at once from then on."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._held: list[Event] = []
        self._told = asyncio.Event()

    def publish(self, event: Event) -> None:
        """Tell an event, now or later."""
        if self._told.is_set():
            self._tell(event)
        else:
            self._held.append(event)

    def release(self, first: Event) -> None:
        """Tell this event and then all that were held back."""
        self._told.set()
        for event in (first, *self._held):
            self._tell(event)
        self._held.clear()

    async def released(self) -> None:
        """Wait until events are told."""
        await self._told.wait()
