"""Following the log of one container through breaks and restarts.

The status that the API tells lags behind the kubelet, which alone decides whose log a request gets:
the present incarnation's, or with `previous` the one before. So reading goes by the status, but a
log that turns out not to be the one it should be is believed (`recognising`): then the container
was restarted, and the log to go on with is the previous one. An incarnation is complete when a read
that began after its end came to the end of the log. A deleted pod may leave no time for that; but
a log that was followed to where the kubelet ended it was heard out, and nothing of it is missing.

Where a pod's sandbox was made anew, the containers of the old one may be gone with their logs, and
the kubelet counts restarts from 0 again: an incarnation is known by its container, and the numbers
given here go on. A followed log that ended, and begins elsewhere when it is read again, without any
previous one, was rotated or is another container's: the status tells which, a little later.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import replace
from functools import partial

from tui.backends.kubernetes.incarnations import FIRST, Incarnation, Known
from tui.backends.kubernetes.merging import Merger, parse_source
from tui.backends.kubernetes.outlet import Origin, Outlet
from tui.backends.kubernetes.recognising import is_another, is_from_before, is_present
from tui.clients.kube.backoff import pause
from tui.clients.kube.loglines import SECOND
from tui.clients.kube.logpositions import Position
from tui.clients.kube.logs import NONE_THERE, Lines, LogReader, OtherLogError
from tui.model.faults import Fault, FaultError

RARELY = 30.0
"""Seconds between two tries where the right to read logs is missing; it is noticed sooner."""
TRIES = 6
"""How often in a row a log is out of reach before what was said so far counts as not to be had.

That takes about five seconds. It is read later, once it can be.
"""
LATE = 10.0
"""Seconds within which the status tells that a container was made anew."""
ROTATED = "lines may be missing here: the node rotated the log before this was read"
UNREAD = "the end of this container's log is missing: the node had dropped it before it was read"
EMPTIED = "the end of this container's log may be missing: the node had dropped it by then"
DELETED = "the end of this container's log is missing: its pod is gone"


class Follower:
    """Follows one container, from what is committed on, until its pod is gone."""

    def __init__(
        self,
        reader: LogReader,
        origin: Origin,
        merger: Merger,
        position: str,
        *,
        from_its_begin: bool = False,
    ) -> None:
        """Follow on from a position; a pod that came while others were followed, from its begin."""
        self.caught_up = asyncio.Event()
        """Set once all that was logged before following began is read, or cannot be had."""
        self._reader = reader
        self._outlet = Outlet(origin, merger)
        self._begun = bool(position)
        self._from_its_begin = from_its_begin
        self._known, known = parse_source(position)
        reader.begin(known)
        self._complete = False  # the incarnation `_known` is read to its end
        self._heard_out = False  # the log was followed to its end, and nothing came after it
        self._failures = 0
        self._seen: Incarnation | None = None
        self._deleted = False
        self._news = asyncio.Event()

    def see(self, incarnation: Incarnation, revision: int) -> None:
        """Take the container's present incarnation, and the revision that its pod is of."""
        self._outlet.revision = revision
        if incarnation != self._seen:
            self._seen = incarnation
            self._news.set()

    def see_deletion(self) -> None:
        """Take that the pod is gone; what its container still says is read to the end."""
        self._deleted = True
        self._news.set()

    async def run(self) -> None:
        """Follow until the pod is gone."""
        try:
            while not self._deleted:
                self._news.clear()
                await self._advance()
            await self._give(self._reader.take_rest())
            if self._begun and not (self._complete or self._heard_out):
                await self._mark(DELETED)
        finally:
            self.caught_up.set()

    async def _advance(self) -> None:
        """Read what there is to read now, then wait until there may be more."""
        seen = self._seen
        if seen is None:
            self.caught_up.set()
            await self._news.wait()
            return
        try:
            await self._go_to(seen)
            if not self._complete:
                await self._read_present(seen)
        except FaultError as error:
            await self._suffer(error.fault)
        else:
            await self._rest()

    async def _rest(self) -> None:
        """Wait after a read that came to an end: for news, or for the log to go on."""
        if self._news.is_set():
            return
        if self._complete:
            self.caught_up.set()
            await self._wait(None)
        elif not self.caught_up.is_set():
            self.caught_up.set()
        else:
            self._failures += 1
            await self._wait(pause(self._failures))

    async def _go_to(self, seen: Incarnation) -> None:
        """Read what came before the present incarnation, and begin that one."""
        if not self._begun:
            self._begun = True
            self._known = FIRST if self._from_its_begin else seen.oldest_known
        if seen.succeeds(self._known) and await self._has_read(seen):
            self._complete = False
            self._known = replace(self._known, container=seen.container_before or seen.container)
        seen = seen.counted_from(self._known)
        if seen.oldest > self._known.restart:
            if not self._complete:
                await self._mark(UNREAD, self._moment(seen.oldest_began))
            await self._begin(seen.oldest_known, seen.oldest_began)
        if seen.restart > self._known.restart:
            if not self._complete:
                await self._read_previous(seen)
            await self._begin(seen.known, seen.started)
        self._known = replace(self._known, container=seen.container or self._known.container)

    async def _has_read(self, seen: Incarnation) -> bool:
        """Whether the oldest log that there is was read already, ahead of the status."""
        first = await self._reader.first(previous=bool(seen.container_before))
        return 0 < (first or 0) <= self._newest

    @property
    def _newest(self) -> int:
        """The newest time read of this incarnation, 0 when nothing was."""
        return self._reader.progress.position.last

    async def _begin(self, known: Known, started: float) -> None:
        """Begin an incarnation, and mark it where it began."""
        moment = self._moment(started)
        self._known, self._complete, self._heard_out = known, False, False
        self._reader.begin()
        await self._mark(f"restart {known.restart}", moment)

    def _moment(self, started: float) -> int:
        """Return when an incarnation began, in nanoseconds; 0 where nothing tells.

        The API tells only the second, in which the one before may have gone on.
        """
        return max(round(started) * SECOND, self._newest)

    async def _read_previous(self, seen: Incarnation) -> None:
        """Read the rest of the incarnation before the present one."""
        own = partial(is_from_before, seen, self._reader)
        try:
            await self._read_to_the_end(own)
        except FaultError as error:
            if error.fault.code not in NONE_THERE:
                raise
            await self._miss_previous(seen)
        except OtherLogError:
            await self._miss_previous(seen)
        self._complete = True

    async def _miss_previous(self, seen: Incarnation) -> None:
        """Say before the present incarnation that lines of the one before it are missing."""
        if not self._heard_out:
            read = self._reader.progress.position.count
            await self._mark(EMPTIED if read else UNREAD, self._moment(seen.started))

    async def _read_present(self, seen: Incarnation) -> None:
        """Follow the present incarnation to its end, or until the connection ends."""
        begins = not self._reader.progress.position.count
        own = partial(is_present, seen, self._reader) if begins else None
        lagged = self._reader.lagged
        try:
            await self._read(follow=self.caught_up.is_set(), strict=True, own=own)
        except OtherLogError:
            await self._read_other(begins=begins, patience=0 if lagged else LATE)
        else:
            self._complete = seen.ended and self._reader.finished
            if self._complete and self._reader.dropped and not self._heard_out:
                await self._mark(EMPTIED, self._newest)

    async def _read_other(self, *, begins: bool, patience: float) -> None:
        """Go on where another log was found than the one read so far, or than `begins`.

        Either the container was restarted and the status does not say so yet: then the previous
        log is ours, unless the kubelet waits for the next start already: what was read is lost
        then, which the status says in so many seconds. Or the container was made anew, which it
        says as well. Or the log was rotated: then what is left of it is.
        """
        own = partial(is_another, self._reader) if begins else None
        try:
            await self._read_to_the_end(own, strict=True)
            self._complete = True
        except OtherLogError:
            if begins:
                await self._wait(patience)
            await self._read_left()
        except FaultError as error:
            if error.fault.code != "api-refused":
                raise
            if self.caught_up.is_set():
                await self._wait(patience)
            await self._read_left()

    async def _read_to_the_end(
        self, own: Callable[[], Awaitable[bool]] | None, *, strict: bool = False
    ) -> None:
        """Read the previous log, and what is left of a last line that has no end."""
        await self._read(previous=True, strict=strict, own=own)
        if not self._reader.finished:
            await self._read(previous=True)

    async def _read_left(self) -> None:
        """Read what is left of the log, where the status tells nothing new."""
        if not self._news.is_set():
            await self._read(follow=self.caught_up.is_set())

    async def _read(
        self,
        *,
        follow: bool = False,
        previous: bool = False,
        strict: bool = False,
        own: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """Read to the end; raises `OtherLogError` before the first line that is not our `own`."""
        known = self._reader.progress.position
        reading = self._reader.read(follow=follow, previous=previous, strict=strict)
        async with aclosing(reading):
            async for lines in reading:
                if own and lines.times:
                    await self._recognise(own, known)
                    own = None
                await self._give(lines)
        self._heard_out |= self._reader.heard_out

    async def _recognise(self, own: Callable[[], Awaitable[bool]], known: Position) -> None:
        """Count lines that are not ours, or of which that cannot be learnt, as not read."""
        ours = False
        try:
            ours = await own()
        finally:
            if not ours:
                self._reader.begin(known)
        if not ours:
            raise OtherLogError

    async def _give(self, lines: Lines) -> None:
        if not self._heard_out:
            began = self._seen.started if self._seen else 0.0
            for note in lines.notes:  # in place of a log they are dated as its begin
                await self._mark(note, 0 if self._newest else self._moment(began))
        if lines.gap:
            await self._mark(ROTATED, lines.times[0])
        if lines.times:
            self._heard_out, self._failures = False, 0
            await self._outlet.put(self._known, lines)

    async def _mark(self, text: str, moment: int = 0) -> None:
        await self._outlet.mark(self._known, text, moment)

    async def _suffer(self, fault: Fault) -> None:
        """Wait as long as makes sense before trying again."""
        self._failures += 1
        self._heard_out &= fault.code in NONE_THERE
        given_up = self._failures >= TRIES and not self.caught_up.is_set()
        if given_up or fault.code == "api-forbidden":
            await self._mark(f"logs cannot be read: {fault.sentence}")
        if given_up or fault.kind != "unreachable":
            self.caught_up.set()
        if fault.code != "api-forbidden":
            await self._wait(pause(self._failures))
            return
        with self._reader.grants.told(self, self._news.set):
            await self._wait(RARELY)

    async def _wait(self, seconds: float | None) -> None:
        """Wait for news of the container, or for so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
