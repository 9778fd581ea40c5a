"""Reading a container's log from the API, on from any position.

Lines are taken from raw bytes as they arrive; one read is one coroutine, and hundreds run at once.
A line is only given once its end has come. Where a log ends without one, the kubelet may have been
cut off: such a rest is given when the next read ends with the same.

A stream that is followed may fall silent although the log goes on: kubelets before 1.29 lose sight
of a log that they rotate (kubernetes/kubernetes#115701). So where a stream says nothing for a
while, the log itself is looked at, more and more rarely, and a stream that lags behind is ended.
"""

import asyncio
import re
from collections.abc import AsyncGenerator
from dataclasses import field
from datetime import UTC, datetime

import aiohttp

from tui.clients.kube.granting import Grants
from tui.clients.kube.loglines import UNSTAMPED, parse_lines, parse_time
from tui.clients.kube.logpositions import BEGINNING, Position, Progress, Resume
from tui.clients.kube.resources import segment
from tui.clients.kube.session import KubeSession
from tui.model.faults import FaultError
from tui.model.frozen import frozen

BRIEF = 64
"""Bytes of a log that hold the time of its first line."""
SILENCE = 5.0
"""Seconds without a word after which a log is looked at first: kubelets rotate every 10 s."""
RARELY = 300.0
"""The same at most."""
GULP = 0.01
"""Seconds to let more come in before it is looked at again.

A busy log comes in thousands of pieces, each of which costs as much as many lines.
"""
REMOVED = re.compile(rb"rpc error: .*(?:no such container|not found)", re.IGNORECASE)
"""How a kubelet ends a log that is followed, where its container is removed when it looks whether
it still runs: docker's words, or those of containerd and CRI-O.
"""
NONE_THERE = {"api-refused", "api-not-found"}
"""Codes of the faults that say that there is no such log."""
PATIENCE = 60.0
"""Seconds that a log which is not followed may keep us waiting."""


class OtherLogError(Exception):
    """The log that is there is not the one the position is in."""


@frozen
class Lines:
    """Lines that came together."""

    times: list[int]
    """Unix times in nanoseconds, one for each message."""
    messages: list[str]
    gap: bool = False
    """Whether lines are missing before these."""
    notes: list[str] = field(default_factory=list)
    """What the kubelet itself said, such as that the log is gone."""


class LogReader:
    """Reads the log of one container, one incarnation at a time."""

    def __init__(
        self,
        session: KubeSession,
        namespace: str,
        pod: str,
        container: str,
        silence: float = SILENCE,
    ) -> None:
        self._session = session
        self._namespace = namespace
        self._silence = silence
        self._path = f"/api/v1/namespaces/{segment(namespace)}/pods/{segment(pod)}/log"
        self._container = container
        self._unfinished = b""
        self.dropped = False
        """Whether the last read found nothing at all, not even what had been read before."""
        self.heard_out = False
        """Whether the last read followed the log to where the node ended it: with its container."""
        self.opened = 0
        """The time of the first line that the last read found, in nanoseconds; 0 for none."""
        self.lagged = False
        """Whether the last read ended since it lagged behind its log, and not with the log."""
        self.progress = Progress()

    def begin(self, position: Position = BEGINNING) -> None:
        """Read on from there; by default from the beginning of the next incarnation's log."""
        self.progress = Progress(position)
        self._unfinished = b""

    @property
    def grants(self) -> Grants:
        """What tells that the right to read logs was granted."""
        return self._session.grants(self._namespace)

    @property
    def finished(self) -> bool:
        """Whether the last read ended at the end of a line, so that nothing is held back."""
        return not self._unfinished

    def take_rest(self) -> Lines:
        """Return what is held back, where nothing can be read any more."""
        rest, self._unfinished = self._unfinished, b""
        return self._lines(Resume(BEGINNING), rest)

    async def first(self, *, previous: bool = False) -> int | None:
        """Return the time of a log's first line; 0 where it has none, None where there is no log.

        Raises `FaultError` as requests do.
        """
        query = self._query(BEGINNING, follow=False, previous=previous)
        query["limitBytes"] = str(BRIEF)
        found = b""
        try:
            async with self._session.stream(self._path, query, PATIENCE) as content:
                while chunk := await self._chunk(content, follow=False):
                    found += chunk
        except FaultError as error:
            if error.fault.code not in NONE_THERE:
                raise
            return None
        return parse_time(found)

    async def read(
        self, *, follow: bool = False, previous: bool = False, strict: bool = False
    ) -> AsyncGenerator[Lines, None]:
        """Yield the lines after what was read, to the end; with `follow` to the container's end.

        With `follow` it also ends where the stream lags behind its log: read on then.
        Raises `OtherLogError` with `strict`, where without it lines are given by their times and
        with the gap that may be there; `FaultError` as requests do, also in the middle.
        """
        self.opened, self.heard_out, self.lagged = 0, False, False
        position = self.progress.position
        resume = Resume(position)
        query = self._query(position, follow=follow, previous=previous)
        async with self._session.stream(self._path, query, _patience(follow=follow)) as content:
            async for raw in self._raw(content, follow=follow):
                lines = self._lines(resume, raw, strict=strict)
                if lines.times or lines.notes:
                    yield lines
        self.dropped = resume.same is None
        ended = self.finished or bool(REMOVED.match(self._unfinished))
        self.heard_out = follow and ended and not (self.dropped or self.lagged)

    def _lines(self, resume: Resume, raw: bytes, *, strict: bool = False) -> Lines:
        """Return the lines not read before, and count them as read."""
        lines = _separate(*parse_lines(raw))
        self.opened = self.opened or next(iter(lines.times), 0)
        skipped = resume.skip(lines.times)
        if strict and resume.same is False:
            raise OtherLogError
        gap, resume.gap = resume.gap, False
        new = Lines(lines.times[skipped:], lines.messages[skipped:], gap, lines.notes)
        self.progress.take(new.times)
        return new

    async def _raw(
        self, content: aiohttp.StreamReader, *, follow: bool
    ) -> AsyncGenerator[bytes, None]:
        """Yield whole lines as they come, many at once."""
        pieces = list[bytes]()
        while chunk := await self._chunk(content, follow=follow):
            pieces.append(chunk)
            if b"\n" in chunk:
                whole, end, rest = b"".join(pieces).rpartition(b"\n")
                pieces = [rest]
                yield whole + end
                await asyncio.sleep(GULP)
        rest, known = b"".join(pieces), self._unfinished
        self._unfinished = b"" if rest == known else rest
        if rest and rest == known:
            yield rest

    async def _chunk(self, content: aiohttp.StreamReader, *, follow: bool) -> bytes:
        """Return what comes next; nothing at the end, and where the stream lags behind its log."""
        silence = _patience(follow=follow) or self._silence
        while True:
            try:
                async with asyncio.timeout(silence):
                    return await content.readany()
            except TimeoutError:
                if not follow:
                    raise  # for the session to tell
                self.lagged = await self._lagging()
                if self.lagged:
                    return b""
                silence = min(2 * silence, RARELY)

    async def _lagging(self) -> bool:
        """Whether the log has lines that were not read."""
        position = self.progress.position
        resume, rest = Resume(position), b""
        query = self._query(position, follow=False, previous=False)
        async with self._session.stream(self._path, query, PATIENCE) as content:
            while chunk := await self._chunk(content, follow=False):
                whole, end, rest = (rest + chunk).rpartition(b"\n")
                times = _separate(*parse_lines(whole + end)).times
                if resume.skip(times) < len(times):
                    return True
        return False

    def _query(self, position: Position, *, follow: bool, previous: bool) -> dict[str, str]:
        query = {"container": self._container, "timestamps": "true"}
        if follow:
            query["follow"] = "true"
        if previous:
            query["previous"] = "true"
        if position.count:
            since = datetime.fromtimestamp(position.anchor, tz=UTC)
            query["sinceTime"] = since.strftime("%Y-%m-%dT%H:%M:%SZ")
        return query


def _patience(*, follow: bool) -> float | None:
    """Return for how long an answer is waited for: one that is followed begins with a line."""
    return None if follow else PATIENCE


def _separate(times: list[int], messages: list[str]) -> Lines:
    """Keep what the kubelet itself said apart from the log."""
    if UNSTAMPED not in times:
        return Lines(times, messages)
    pairs = [pair for pair in zip(times, messages, strict=True) if pair[0] != UNSTAMPED]
    notes = [text for time, text in zip(times, messages, strict=True) if time == UNSTAMPED and text]
    return Lines([time for time, _ in pairs], [text for _, text in pairs], notes=notes)
