"""The site: what all replicas of an environment share, first of all the view of the engine.

One stream of events wakes the replicas, which then look at their containers themselves: what counts
is how things are, not what was told. While the engine cannot be reached the last picture stays, the
time since when is told, and the engine is asked again and again; once it answers every replica
looks anew.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Callable
from functools import partial
from typing import TypeVar

from tui.clients.docker.containers import Containers
from tui.clients.docker.executing import listening
from tui.clients.docker.sockets import Listening
from tui.model.evidence import LINES_KEPT
from tui.model.faults import FaultError
from tui.supervisor.pulse import Pulse

T = TypeVar("T")
LOST = frozenset({"engine-unreachable", "engine-silent"})
SHORTEST, LONGEST = 0.1, 2.0
"""Seconds between two tries to reach the engine."""
RESOLVER = "127.0.0.11"
"""Where the engine answers for names inside of user-defined networks."""
LINES_LATE = 0.1
"""Seconds by which the log may be behind the end."""
OVERLAP = 2.0
"""Seconds that events are asked for once more after a break."""


class Site:
    """The engine as one environment's replicas see it."""

    def __init__(self, containers: Containers, environment: str) -> None:
        self.containers = containers
        self.environment = environment
        self.lost_since = 0.0
        self.news: dict[str, Pulse] = {}
        """By name of container; struck when something happened to it."""
        self.exit_codes: dict[str, int] = {}
        """By name of container; of the last end that was told."""
        self.anything = Pulse()
        """Struck when something happened to any container, or was read to its end, or the engine
        came back."""
        self._changed: list[Callable[[], None]] = []
        self._back = asyncio.Event()
        self._doubted = asyncio.Event()

    def lose(self) -> None:
        """Note that the engine did not answer somebody; whoever follows it will see to it."""
        self._doubted.set()
        if not self.lost_since:
            self.lost_since = time.time()
            self._tell()

    async def reached(self) -> None:
        """Wait until the engine answers."""
        while self.lost_since:
            self._back.clear()
            await self._back.wait()

    async def last_lines(self, name: str, after: int, until: int = 0) -> tuple[str, ...]:
        """Return what a container printed last between two times; raises FaultError.

        Podman may log it a little after it tells the end: so where there is nothing it is asked
        once more.
        """
        read = partial(self.containers.last_lines, name, LINES_KEPT, after, until)
        if lines := await read():
            return lines
        await asyncio.sleep(LINES_LATE)
        return await read()

    async def runs(self, name: str, started: int) -> bool:
        """Return whether a container still is in the incarnation that began then, as is known."""
        with contextlib.suppress(FaultError):
            state = await self.containers.inspect(name)
            return state is not None and state.running and state.started == started
        return False

    async def listening(self, name: str) -> tuple[Listening, ...]:
        """Return who listens in a container, without the engine's resolver; raises FaultError."""
        found = await listening(self.containers.engine, name)
        return tuple(one for one in found if one.address != RESOLVER)

    def when_changed(self, tell: Callable[[], None]) -> None:
        """Have the loss and return of the engine told."""
        self._changed.append(tell)

    async def follow(self) -> None:
        """Follow the engine's events, through its absences, until cancelled."""
        since, pause = time.time(), SHORTEST
        while True:
            with contextlib.suppress(FaultError):
                await self.containers.engine.ask(lambda client: client.ping())
                self._found()
                pause = SHORTEST
                await self._until_doubted(since - OVERLAP)
            since = time.time()
            self.lose()
            await asyncio.sleep(pause)
            pause = min(LONGEST, pause * 2)

    async def _until_doubted(self, since: float) -> None:
        """Follow the events until they break off or somebody got no answer."""
        self._doubted.clear()
        doubt = asyncio.create_task(self._doubted.wait())
        events = asyncio.create_task(self._events(since))
        try:
            await asyncio.wait((doubt, events), return_when=asyncio.FIRST_COMPLETED)
        finally:
            doubt.cancel()
            events.cancel()
            await asyncio.gather(events, return_exceptions=True)

    async def _events(self, since: float) -> None:
        async with contextlib.aclosing(self.containers.events(since)) as events:
            async for event in events:
                if event.exit_code is not None:
                    self.exit_codes[event.name] = event.exit_code
                self._strike(self.news.get(event.name))

    def _found(self) -> None:
        was_lost, self.lost_since = self.lost_since, 0.0
        self._back.set()
        if was_lost:
            self._strike(*self.news.values())
            self._tell()

    def _strike(self, *pulses: Pulse | None) -> None:
        for pulse in (*pulses, self.anything):
            if pulse is not None:
                pulse.strike()

    def _tell(self) -> None:
        for tell in self._changed:
            tell()


async def until_lost(site: Site, batches: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """Yield what comes until the engine does not answer any more; raises other faults."""
    try:
        async with contextlib.aclosing(batches):
            async for batch in batches:
                yield batch
    except FaultError as error:
        if not is_lost(error):
            raise
        site.lose()


def is_lost(error: FaultError) -> bool:
    """Whether a call failed because no engine answered, not by its refusal."""
    return error.fault.code in LOST
