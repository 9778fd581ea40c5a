"""Asking the endpoints of a release, all at once and calmly: again when the rollout changes.

Everything runs on one loop. Each endpoint is asked by a task of its own; `changed` is called with
each new answer. One that answers is asked again after a while, one that does not sooner, then more
and more seldom. What fails is asked twice before it is told, since the way to a new pod takes a
moment to be known everywhere. Answers are kept until the endpoint is gone.
"""

import asyncio
import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace

from tui.backends.kubernetes.endpoints.finding import Target
from tui.clients.asking import Answer, UnansweredError, UntrustedError, ask
from tui.model.frozen import frozen
from tui.model.routes import Endpoint

CALM = 30.0
"""Seconds between two questions to one that answers."""
DOUBT = 2.0
"""Seconds until one that failed is asked again, doubled each time up to `CALM`."""
SECOND_TRY = 0.4
SERVER_ERROR = 500


@frozen
class _Asked:
    at: float
    """By the monotonic clock."""
    failures: int = 0


class Asker:
    """Asks what is wanted."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.answers: dict[Target, Endpoint] = {}
        self._changed = changed
        self._moment: Hashable = None
        self._wanted: set[Target] = set()
        self._asked: dict[Target, _Asked] = {}
        self._tasks: dict[Target, asyncio.Task[None]] = {}

    def want(self, targets: Iterable[Target], moment: Hashable) -> None:
        """Ask these, again at once when `moment` is another one; forget all others."""
        wanted = {target for target in targets if target.addresses and target.kind != "Service"}
        self._wanted = wanted
        if moment != self._moment:
            self._moment, self._asked = moment, {}
        self.answers = {one: found for one, found in self.answers.items() if one in wanted}
        self._asked = {one: asked for one, asked in self._asked.items() if one in wanted}
        for target in wanted - self._tasks.keys():
            if target not in self._asked or self._repeats_in(target) == 0.0:
                self._tasks[target] = asyncio.create_task(self._ask(target))

    @property
    def due_in(self) -> float | None:
        """Seconds until something is to be asked again, None when nothing is."""
        idle = self._asked.keys() - self._tasks.keys()
        return min((self._repeats_in(target) for target in idle), default=None)

    async def answered(self, patience: float) -> None:
        """Wait until all was asked once since the last change, `patience` seconds at most."""
        first = [task for target, task in self._tasks.items() if target not in self._asked]
        if first:
            await asyncio.wait(first, timeout=patience)

    async def close(self) -> None:
        """Give up what is under way."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _repeats_in(self, target: Target) -> float:
        asked = self._asked[target]
        pause = min(CALM, DOUBT * 2 ** (asked.failures - 1)) if asked.failures else CALM
        return max(0.0, asked.at + pause - time.monotonic())

    async def _ask(self, target: Target) -> None:
        moment = self._moment
        try:
            endpoint = await ask_endpoint(target)
            if endpoint.reach == "failing":
                await asyncio.sleep(SECOND_TRY)
                endpoint = await ask_endpoint(target)
        finally:
            del self._tasks[target]
        if target in self._wanted:
            self._take(target, endpoint, current=moment == self._moment)

    def _take(self, target: Target, endpoint: Endpoint, *, current: bool) -> None:
        """Keep an answer; one of before the last change is asked for again."""
        self.answers[target] = endpoint
        if current:
            before = self._asked.get(target, _Asked(0.0))
            failures = before.failures + 1 if endpoint.reach == "failing" else 0
            self._asked[target] = _Asked(time.monotonic(), failures)
        self._changed()


async def ask_endpoint(target: Target) -> Endpoint:
    """Ask at each address until one answers, and return the endpoint with what came back."""
    failure = target.endpoint
    for address in target.addresses:
        question = target.question(address)
        asked = replace(target.endpoint, url=question.url)
        by = f" by {address}" if question.host != address else ""
        try:
            return told(asked, await ask(question, address), by)
        except UnansweredError as error:
            cause = "endpoint-untrusted" if isinstance(error, UntrustedError) else ""
            unanswered = replace(
                asked, reach="failing", answer=f"{error}{by}", cause=cause or "endpoint-unreachable"
            )
            failure = failure if failure.answer else unanswered
    return failure


def told(endpoint: Endpoint, answer: Answer, by: str = "") -> Endpoint:
    """Return the endpoint with an answer; from 500 on it is one of a failure."""
    if not answer.status:
        return replace(endpoint, reach="answers", answer=f"connected{by}")
    to = f" to {answer.location}" if answer.location else ""
    text = f"HTTP {answer.status}{to}{by}"
    if answer.status < SERVER_ERROR:
        return replace(endpoint, reach="answers", answer=text)
    return replace(endpoint, reach="failing", answer=text, cause="endpoint-error")
