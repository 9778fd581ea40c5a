"""Collecting: the logs of all containers of an environment, and removing those that are through.

The keeper only stops what it needs no more: what a container printed is kept by the engine as long
as the container is, and goes with it. So whoever collects removes it, once every line of it is
committed to the log store.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import aclosing

from tui.backends.docker.following import Follower, source_of
from tui.backends.docker.positions import position_from
from tui.backends.docker.site import Site, is_lost, until_lost
from tui.clients.docker.inspecting import ContainerState
from tui.clients.process.supervisor import SupervisorClient
from tui.model.faults import FaultError
from tui.model.loglines import LogBatch
from tui.model.rollouts import Rollout

WAITING = 64
"""Batches that wait for whoever takes them."""
RARELY = 30.0
"""Seconds between two tries to read a log that the engine refuses."""
LOOK = 1.0
"""Seconds between two looks whether a stopped container's log is committed."""


class Collector:
    """Follows every container's log."""

    def __init__(
        self, site: Site, supervisor: SupervisorClient, positions: Mapping[str, str]
    ) -> None:
        self._site = site
        self._supervisor = supervisor
        self._positions = positions
        self._followers: dict[str, Follower] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._queue: asyncio.Queue[LogBatch | Exception] = asyncio.Queue(WAITING)

    async def collect(self) -> AsyncGenerator[LogBatch, None]:
        """Yield batches until cancelled; one without records once all captured before was given.

        Raises FaultError when the engine refuses to list its containers. That it does not answer is
        waited out; that it refuses a log is told there.
        """
        async with aclosing(until_lost(self._site, self._catch_up())) as batches:
            async for batch in batches:
                yield batch
        yield LogBatch("", "", ())
        self._begin(self._site.follow())
        self._begin(self._discover())
        try:
            while True:
                coming = await self._queue.get()
                if isinstance(coming, Exception):
                    raise coming
                yield coming
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _catch_up(self) -> AsyncGenerator[LogBatch, None]:
        """Read on in every log, once."""
        for state in await self._site.containers.all():
            async with aclosing(self._follower(state).read(state, follow=False)) as batches:
                async for batch in batches:
                    yield batch

    def _follower(self, state: ContainerState) -> Follower:
        if state.id not in self._followers:
            position = position_from(self._positions.get(source_of(state), ""))
            self._followers[state.id] = Follower(state, position, self._site)
        return self._followers[state.id]

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(self._told(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _told(self, work: Coroutine[None, None, None]) -> None:
        """Do work and have it told how it failed."""
        try:
            await work
        except Exception as error:  # noqa: BLE001 - whoever takes the batches raises it
            await self._queue.put(error)

    async def _discover(self) -> None:
        """Follow what is new and remove what is through, at every event of the engine."""
        following: set[str] = set()
        seen = 0
        while True:
            try:
                states = await self._site.containers.all()
                for state in states:
                    if state.id not in following:
                        following.add(state.id)
                        self._begin(self._follow(self._follower(state)))
                await self._remove_finished(states)
            except FaultError as error:
                if not is_lost(error):
                    raise
                self._site.lose()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK if self._waits() else None):
                    seen = await self._site.anything.after(seen)

    async def _follow(self, follower: Follower) -> None:
        """Follow one log to its end; one that is refused is asked for again, rarely."""
        told = ""
        while True:
            try:
                async with aclosing(until_lost(self._site, follower.follow())) as batches:
                    async for batch in batches:
                        await self._queue.put(batch)
            except FaultError as error:
                if error.fault.sentence != told:
                    told = error.fault.sentence
                    await self._queue.put(follower.mark(f"this log cannot be read: {told}"))
                await asyncio.sleep(RARELY)
                continue
            if not self._site.lost_since:
                break
            await self._site.reached()
        self._followers.pop(follower.id, None)

    def _waits(self) -> bool:
        """Whether a container may be through with nothing to tell us so."""
        return any(follower.finished for follower in self._followers.values())

    async def _remove_finished(self, states: tuple[ContainerState, ...]) -> None:
        """Remove the stopped containers that nobody wants and whose log is committed.

        The containers were listed before the wanted ones are asked for: a new one is not listed.
        """
        through = [state for state in states if self._is_through(state)]
        rollout = await self._runs() if through else None
        if rollout is None:
            return
        wanted = {pod.revision for pod in rollout.pods}
        for state in through:
            follower = self._followers[state.id]
            if rollout.revision and follower.revision not in wanted:
                await self._site.containers.remove(state.id)

    async def _runs(self) -> Rollout | None:
        """Return what runs; None where no supervisor answers, or one that observing tells of."""
        with contextlib.suppress(FaultError):
            if await self._supervisor.answers():
                return await self._supervisor.picture()
        return None

    def _is_through(self, state: ContainerState) -> bool:
        follower = self._followers.get(state.id)
        if follower is None or not follower.finished or state.running:
            return False
        return self._positions.get(follower.source, "") == follower.position
