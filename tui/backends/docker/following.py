"""Following one container's log, over its restarts and the engine's absences.

The engine ends a log stream with the incarnation it belongs to, so each has a stream of its own,
opened at the position after the one before. Where containers crash fast the engine may take seconds
to end one, so it is ended from here soon after the incarnation was seen to be over: what it still
had to say is read by the next one, for the position tells where. News of the container wake us to
look again; what happened while nobody looked is found by looking. Which incarnation a log is of is
asked for once it has given a line: the container may have begun anew since it was looked at before.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

from tui.backends.docker.endings import container_ended
from tui.backends.docker.naming import POD, REVISION
from tui.backends.docker.positions import Line, Position, Reading
from tui.backends.docker.replica import CONTAINER
from tui.backends.docker.site import Site
from tui.backends.docker.streaming import until
from tui.clients.docker.inspecting import ContainerState
from tui.clients.docker.logs import read_log
from tui.model.faults import FaultError
from tui.model.loglines import LogBatch, LogRecord
from tui.supervisor.pulse import Pulse
from tui.supervisor.replica import present_end

LAST_LINES_LAST = 0.3
"""Seconds the engine may take for the last lines of an incarnation."""


def source_of(state: ContainerState) -> str:
    """Return the name of a container's log among the sources."""
    return f"container:{state.id[:16]}"


class Follower:
    """Reads one container's log on from a position."""

    def __init__(self, state: ContainerState, position: Position, site: Site) -> None:
        self.id = state.id
        self.source = source_of(state)
        self._name = state.name
        self.revision = int(state.labels.get(REVISION, "0"))
        self._pod = state.labels.get(POD, state.name)
        self._site = site
        self._position = position
        self.finished = False
        """It was read to its end, and the container does not run."""

    @property
    def position(self) -> str:
        """Where it stands."""
        return str(self._position)

    def mark(self, text: str) -> LogBatch:
        """Return a line of ours that stands in the log now."""
        record = LogRecord(time.time_ns(), self.revision, self._pod, CONTAINER, 0, "marker", text)
        return LogBatch(self.source, self.position, [record])

    async def follow(self) -> AsyncGenerator[LogBatch, None]:
        """Yield what the container prints until it is gone."""
        news, seen = self._news(), 0
        while True:
            seen = await news.after(seen)
            state = await self._site.containers.inspect(self.id)
            if state is None:
                return
            async with aclosing(self.read(state, follow=state.running)) as batches:
                async for batch in batches:
                    yield batch

    async def read(self, state: ContainerState, *, follow: bool) -> AsyncGenerator[LogBatch, None]:
        """Yield what the log has after the position, and with `follow` until the container ends."""
        self.finished = False
        reading = Reading(self._position)
        engine = self._site.containers.engine
        if state.running and reading.tell(state.started):
            line = f"{self._pod} started as container {self.id[:12]}"
            yield self._batch(reading, state, [Line(state.started, "marker", line)])
        frames = read_log(engine, self.id, self._position.since, follow=follow)
        opened: ContainerState | None = None
        if follow:
            frames = until(self._over(state), frames)
        async with aclosing(frames):
            async for some in frames:
                if lines := reading.take(some):
                    opened = opened or await self._site.containers.inspect(self.id) or state
                    yield self._batch(reading, opened, lines)
        after = await self._site.containers.inspect(self.id)
        if after is not None and after.running and after.started == state.started:
            await self._look_again()
        if after is None or after.running:
            return
        if after.finished and reading.tell(after.finished):
            line = f"{self._pod} {present_end(container_ended(after, ()))}"
            yield self._batch(reading, after, [Line(after.finished, "marker", line)])
        self._finish(after)

    def _finish(self, ended: ContainerState) -> None:
        """Note that all was read of a container that ended, unless it is to begin anew."""
        self.finished = ended.status != "restarting"
        if self.finished:  # it may be removed now, and the engine tells no more of it
            self._site.anything.strike()

    async def _look_again(self) -> None:
        """Go on soon where a stream has ended before its incarnation: no news tells of that."""
        await asyncio.sleep(LAST_LINES_LAST)
        self._news().strike()

    async def _over(self, state: ContainerState) -> None:
        """Return some time after an incarnation has ended, or when the engine does not answer."""
        news, seen = self._news(), 0
        with suppress(FaultError):
            while True:
                seen = await news.after(seen)
                now = await self._site.containers.inspect(self.id)
                if now is None or not now.running or now.started != state.started:
                    break
        await asyncio.sleep(LAST_LINES_LAST)

    def _news(self) -> Pulse:
        return self._site.news.setdefault(self._name, Pulse())

    def _batch(self, reading: Reading, state: ContainerState, lines: list[Line]) -> LogBatch:
        self._position = reading.position
        records = [
            LogRecord(
                line.time,
                self.revision,
                self._pod,
                CONTAINER,
                incarnation(state, line.time),
                line.stream,
                line.text,
            )
            for line in lines
        ]
        return LogBatch(self.source, self.position, records)


def incarnation(state: ContainerState, time: int) -> int:
    """Return which incarnation printed a line, from 0, as far as can be told.

    The engine remembers only the last end: whatever was printed before it is taken for the
    incarnation that ended then. It counts a restart as soon as it decides on it.
    """
    if state.status == "restarting":
        return max(0, state.restarts - 1)
    before = state.running and time <= state.finished
    return max(0, state.restarts - before)
