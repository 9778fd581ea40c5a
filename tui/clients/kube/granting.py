"""Noticing that something was granted, for those who were refused it.

Nobody tells a client that it may do more now, and to try each refused request again and again would
be many of them. One request asks for all that the user may do in a namespace, and whoever was
refused something tries again once that is another answer. It is asked for each second at first, as
the user reads the remedy and follows it, then ever more rarely, and only while somebody waits. What
is not granted by RBAC may be missing in the answer.
https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-rules-review-v1/
"""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tui.model.faults import FaultError

if TYPE_CHECKING:
    from tui.clients.kube.session import KubeSession

PATH = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
SOONEST, RAREST = 1.0, 10.0
"""Seconds between two requests."""
SLOWING = 60.0
"""The rest between requests grows to this part of the time that nothing has happened for."""

Rules = frozenset[str]


class Grants:
    """What the user may do in one namespace, looked at while somebody was refused something."""

    def __init__(self, session: "KubeSession", namespace: str) -> None:
        self._session = session
        self._namespace = namespace
        self._waiting: dict[object, Callable[[], None]] = {}
        self._known: WeakKeyDictionary[object, Rules] = WeakKeyDictionary()
        self._asking: asyncio.Task[None] | None = None
        self._asked = self._happened = time.monotonic()
        self._stirred = asyncio.Event()

    @contextmanager
    def told(self, refused: object, wake: Callable[[], None]) -> Iterator[None]:
        """Have `wake` called inside when other things are allowed than when it was called last.

        At first it is called once in any case: something may have been granted since the refusal.
        """
        if refused not in self._known and not self._waiting:
            self._happened = time.monotonic()
        self._waiting[refused] = wake
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        try:
            yield
        finally:
            del self._waiting[refused]
            if not self._waiting:
                self._asking.cancel()
                self._asking = None

    def stir(self) -> None:
        """Look at once, for the user acts, and often again for a while."""
        self._happened = time.monotonic()
        self._stirred.set()

    async def _ask(self) -> None:
        while True:
            now = time.monotonic()
            rest = self._asked + pace(now - self._happened) - now
            self._stirred.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._stirred.wait()
            self._asked = time.monotonic()
            with suppress(FaultError):  # asked again soon; they try by themselves as well
                self._take(await self._rules())

    def _take(self, rules: Rules) -> None:
        for refused, wake in list(self._waiting.items()):
            known = self._known.get(refused)
            if known != rules:
                if known is not None:
                    self._happened = time.monotonic()
                self._known[refused] = rules
                wake()

    async def _rules(self) -> Rules:
        """Return what may be done, in whatever order it is told."""
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectRulesReview",
            "spec": {"namespace": self._namespace},
        }
        answer = await self._session.post(PATH, body=review)
        rules = answer.get("status", {}).get("resourceRules") or ()
        return frozenset(json.dumps(rule, sort_keys=True) for rule in rules)


def pace(quiet: float) -> float:
    """Return the seconds to rest between two requests after so many in which nothing happened."""
    return min(RAREST, max(SOONEST, quiet / SLOWING))
