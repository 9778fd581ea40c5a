"""Replaying: a recorded run told again, at its own pace, faster, or event by event.

The player stands in for the engine: it folds the recorded events into a state and hands them to
subscribers, and takes no commands. Its clock is the recording's: it runs at the chosen speed while
the run is played and stands still while it is paused.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence

from tui.engine.bus import Bus, Subscription
from tui.model.commands import Command
from tui.model.events import Stamped
from tui.model.faults import Fault, FaultError
from tui.model.images import ReleaseDifference
from tui.model.state import State
from tui.ports.capabilities import Terminal

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)


class Player:
    """Plays one recording."""

    def __init__(
        self, events: Sequence[Stamped], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._events = events
        self._monotonic = monotonic
        self._bus = Bus()
        self._turned = asyncio.Event()
        self._time = events[0].time if events else 0.0
        self._since = monotonic()
        self.told = 0
        """How many events were told."""
        self._paused = False
        self.speed = 1.0

    @property
    def total(self) -> int:
        """How many events there are."""
        return len(self._events)

    @property
    def ended(self) -> bool:
        """Whether all events were told."""
        return self.told == self.total

    @property
    def paused(self) -> bool:
        """Whether it waits for the user."""
        return self._paused and not self.ended

    @property
    def last(self) -> Stamped | None:
        """The event told last."""
        return self._events[self.told - 1] if self.told else None

    def now(self) -> float:
        """Return the recording's time, in Unix seconds."""
        if self.paused or self.ended:
            return self._time
        return self._time + (self._monotonic() - self._since) * self.speed

    async def play(self) -> None:
        """Tell events when they are due, until cancelled."""
        self._stand_at(self._time)
        while True:
            self._turned.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._wait()):
                    await self._turned.wait()
            while self._wait() == 0:
                self._tell_next()

    # What the user does

    def toggle(self) -> None:
        """Pause, or go on."""
        self._stand_at(self.now())
        self._paused = not self._paused
        self._turned.set()

    def step(self) -> None:
        """Pause, and tell the next event."""
        self._paused = True
        if not self.ended:
            self._tell_next()
        self._turned.set()

    def change_speed(self, by: int) -> None:
        """Play faster or slower by so many steps."""
        self._stand_at(self.now())
        at = SPEEDS.index(self.speed) + by
        self.speed = SPEEDS[max(0, min(at, len(SPEEDS) - 1))]
        self._turned.set()

    def to_end(self) -> None:
        """Tell all that is left."""
        while not self.ended:
            self._tell_next()
        self._turned.set()

    # In the engine's place

    @property
    def state(self) -> State:
        """What was known at this point of the run."""
        return self._bus.state

    def submit(self, command: Command) -> None:
        """Take no command: what is played has happened."""

    def subscribe(self) -> Subscription:
        """Begin to receive events."""
        return self._bus.subscribe()

    async def shell(self, pod: str, container: str, terminal: Terminal) -> int:
        """Raise FaultError: nothing runs here."""
        raise FaultError(_recorded())

    async def difference(self, old: int, new: int) -> ReleaseDifference:
        """Raise FaultError: a recording holds events, not files."""
        raise FaultError(_recorded())

    async def belongings(self) -> tuple[str, ...]:
        """Raise FaultError: nothing of a recording is there to be removed."""
        raise FaultError(_recorded())

    def _stand_at(self, moment: float) -> None:
        self._time, self._since = moment, self._monotonic()

    def _wait(self) -> float | None:
        """Return the seconds to the next event, None while none is due by itself."""
        if self.paused or self.ended:
            return None
        return max(0.0, (self._events[self.told].time - self.now()) / self.speed)

    def _tell_next(self) -> None:
        stamped = self._events[self.told]
        self.told += 1
        self._stand_at(stamped.time)
        self._bus.relay(stamped)


def _recorded() -> Fault:
    return Fault("recorded-run", "this is a recorded run: nothing of it is there any more", "usage")
