"""The bus: stamps every event, folds it into the state and hands it to whoever subscribed.

`publish` never awaits and never raises, so that any code on the loop may tell an event at any
moment. Subscribers do not get called: each has a queue of its own and drains it at its own pace
(the view 20 times a second), so that a slow one can delay nobody. Queues are bounded by what drains
them; everything a late subscriber needs is in the state.
"""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from tui.model.events import Event, Stamped
from tui.model.reduce import reduce
from tui.model.state import State

T = TypeVar("T")


class Subscription:
    """One subscriber's queue of events."""

    def __init__(self, close: Callable[["Subscription"], None]) -> None:
        self._events: list[Stamped] = []
        self._arrived = asyncio.Event()
        self._close = close

    def drain(self) -> list[Stamped]:
        """Return what came since the last call, without waiting."""
        events, self._events = self._events, []
        self._arrived.clear()
        return events

    async def wait(self) -> list[Stamped]:
        """Return what came since the last call, waiting for at least one event."""
        await self._arrived.wait()
        return self.drain()

    def close(self) -> None:
        """Receive nothing more."""
        self._close(self)

    def put(self, stamped: Stamped) -> None:
        """Queue an event; called by the bus."""
        self._events.append(stamped)
        self._arrived.set()


class Bus:
    """Where events go."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._number = 0
        self._subscriptions: list[Subscription] = []
        self.began = time.monotonic()
        self.state = State()

    def publish(self, event: Event) -> None:
        """Stamp the event, fold it into the state, and queue it for every subscriber."""
        self._number += 1
        self.relay(Stamped(self._number, self._now(), event))

    def relay(self, stamped: Stamped) -> None:
        """Publish an event that was stamped before."""
        self.state = reduce(self.state, stamped)
        for subscription in self._subscriptions:
            subscription.put(stamped)

    def subscribe(self) -> Subscription:
        """Begin to receive events from now on."""
        subscription = Subscription(self._subscriptions.remove)
        self._subscriptions.append(subscription)
        return subscription

    async def until(self, reached: Callable[[State], T]) -> T:
        """Wait until `reached` says something of the state, and return what it says."""
        subscription = self.subscribe()
        try:
            while not (said := reached(self.state)):
                await subscription.wait()
            return said
        finally:
            subscription.close()
