"""Gathering evidence from the cluster: logs, open ports and memory, a few at a time.

All of it runs on one loop. A request is a task; what it found stands in `answers` until no picture
wants it any more. The end of a log is asked for once; open ports again and again while they are
wanted, since an app may open one late, and the memory of what runs, since its last measure counts
once it is gone: no picture waits for that. What cannot be had (no right, a pod that is gone, an
image without `cat`) is an empty answer, tried again after a while, and never holds up a picture.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable

from tui.backends.kubernetes.evidence.listening import Listening, parse_listening
from tui.backends.kubernetes.evidence.measuring import measure
from tui.backends.kubernetes.evidence.merging import Answer
from tui.backends.kubernetes.evidence.wanting import (
    LogWanted,
    PortsWanted,
    Request,
    UseWanted,
    is_passing,
)
from tui.clients.kube.session import KubeSession
from tui.model.evidence import LINES_KEPT
from tui.model.faults import FaultError
from tui.model.frozen import frozen
from tui.model.rollouts import MemoryUse

log = logging.getLogger("redraft.kubernetes")

AGAIN = 2.0
"""Seconds until what was not found, or may have changed, is asked for again."""
PATIENCE = 5.0
"""Seconds one request may take."""
TIMES = 15
"""How often the same is asked for."""
AT_ONCE = 4
BYTES = 64 << 10
SOCKETS = ("cat", "/proc/net/tcp", "/proc/net/tcp6")
STDOUT = 1


@frozen
class _Asked:
    at: float
    """By the monotonic clock."""
    times: int


class Gatherer:
    """Fetches what pictures want; `changed` is called after each try."""

    def __init__(self, session: KubeSession, namespace: str, changed: Callable[[], None]) -> None:
        self.answers: dict[Request, Answer] = {}
        self._namespace = namespace
        self._pods = f"/api/v1/namespaces/{namespace}/pods"
        self._session = session
        self._changed = changed
        self._asked: dict[Request, _Asked] = {}
        self._tasks: dict[Request, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(AT_ONCE)

    def ask(self, wanted: Iterable[Request]) -> None:
        """Begin to fetch what is new or due again; forget what is not wanted any more."""
        kept = set(wanted)
        self.answers = {key: found for key, found in self.answers.items() if key in kept}
        self._asked = {key: self._asked[key] for key in kept if key in self._asked}
        for key in kept - self._tasks.keys():
            if key not in self._asked or self._repeats_in(key) == 0.0:
                times = self._asked[key].times + 1 if key in self._asked else 1
                self._asked[key] = _Asked(time.monotonic(), times)
                self._tasks[key] = asyncio.create_task(self._fetch(key))

    @property
    def due_in(self) -> float | None:
        """Seconds until something is to be asked for again, None when nothing is."""
        idle = self._asked.keys() - self._tasks.keys()
        return min((p for key in idle if (p := self._repeats_in(key)) is not None), default=None)

    async def answered(self, wanted: Iterable[Request], patience: float) -> bool:
        """Wait until all of it was tried, `patience` seconds at most; tell if that took time."""
        waited = (key for key in wanted if key in self._tasks and not is_passing(key))
        first = [self._tasks[key] for key in waited]
        if first := [task for task in first if not task.done()]:
            await asyncio.wait(first, timeout=patience)
        return bool(first)

    async def close(self) -> None:
        """Give up what is under way."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _repeats_in(self, key: Request) -> float | None:
        """Return the seconds until it is asked for again, None when it is not."""
        asked = self._asked[key]
        if asked.times >= TIMES or _is_settled(key, self.answers.get(key)):
            return None
        return max(0.0, asked.at + AGAIN - time.monotonic())

    async def _fetch(self, key: Request) -> None:
        answer: Answer = ()
        try:
            async with self._room, asyncio.timeout(PATIENCE):
                answer = await self._answer(key)
        except (FaultError, TimeoutError) as error:
            log.info("no evidence of %s: %s", key, error)
        finally:
            del self._tasks[key]
        if _tells(answer) or key not in self.answers:
            self.answers[key] = answer
        self._changed()

    async def _answer(self, key: Request) -> Answer:
        if isinstance(key, LogWanted):
            return await self._last_lines(key)
        if isinstance(key, UseWanted):
            return await measure(self._session, self._namespace, key)
        return await self._listening(key)

    async def _last_lines(self, key: LogWanted) -> tuple[str, ...]:
        query = {
            "container": key.container,
            "previous": "true" if key.previous else "false",
            "tailLines": str(LINES_KEPT),
            "limitBytes": str(BYTES),
        }
        async with self._session.stream(f"{self._pods}/{key.pod}/log", query) as content:
            text = await content.read()
        return tuple(text.decode(errors="replace").splitlines())

    async def _listening(self, key: PortsWanted) -> Listening:
        query = [("container", key.container), ("stdout", "1"), ("stderr", "1")]
        query += [("command", word) for word in SOCKETS]
        said = b""
        async with self._session.websocket(f"{self._pods}/{key.pod}/exec", query) as websocket:
            async for message in websocket:
                if isinstance(message.data, bytes) and message.data[:1] == bytes([STDOUT]):
                    said += message.data[1:]
        return parse_listening(said.decode(errors="replace"))


def _tells(answer: Answer) -> bool:
    return bool(answer.used) if isinstance(answer, MemoryUse) else bool(answer)


def _is_settled(key: Request, answer: Answer | None) -> bool:
    """Whether asking again would tell nothing else."""
    if isinstance(key, LogWanted):
        return bool(answer)
    if isinstance(answer, MemoryUse):
        return not is_passing(key) or not answer.by
    return False
