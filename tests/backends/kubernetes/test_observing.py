"""What a real API never answers; the real one is observed in tests/integration/kube."""

import asyncio
from contextlib import aclosing
from typing import Any, cast

import pytest

from tests.clients.kube.scripted import NothingGranted
from tests.cluster import eventually
from tui.backends.kubernetes.observing import Observer
from tui.backends.kubernetes.picture.wanted import Wanted
from tui.backends.kubernetes.watches import WATCHED, Watches
from tui.clients.kube import watching
from tui.clients.kube.session import KubeSession
from tui.model.faults import Fault, FaultError


class Nonsense:
    """Answers, but not as an API."""

    local = True

    def grants(self, namespace: str) -> NothingGranted:
        return NothingGranted()

    async def get(self, path: str, query: object) -> dict[str, Any]:
        return {}


async def test_a_watch_that_breaks_is_raised_and_not_waited_on_for_ever() -> None:
    observer = Observer(Watches(cast(KubeSession, Nonsense()), "here"), Wanted(1, frozenset()))
    async with asyncio.timeout(10), aclosing(observer.rollouts()) as rollouts:
        with pytest.raises(KeyError):
            await anext(rollouts)


class Forbidding:
    """Lets nothing be read, and counts what is asked for."""

    local = True

    def __init__(self) -> None:
        self.asked = 0
        self.granted = NothingGranted()

    def grants(self, namespace: str) -> NothingGranted:
        return self.granted

    async def get(self, path: str, query: object) -> dict[str, Any]:
        self.asked += 1
        raise FaultError(Fault("api-forbidden", "not for you"))


async def test_what_was_not_for_us_is_looked_at_again_when_another_release_is_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "RARELY", 1000.0)
    session, wanted = Forbidding(), Wanted(1, frozenset())
    observer = Observer(Watches(cast(KubeSession, session), "here"), wanted)
    async with aclosing(observer.rollouts()) as rollouts:
        await anext(rollouts)
        assert session.asked == len(WATCHED)
        observer.want(wanted)
        await eventually(lambda: session.asked == 2 * len(WATCHED))
        assert session.granted.stirred == 1
