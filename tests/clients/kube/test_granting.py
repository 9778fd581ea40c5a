"""When who was refused something is told to try again; tests/integration/kube has real roles."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest

from tests.cluster import eventually
from tui.clients.kube import granting
from tui.clients.kube.granting import RAREST, SLOWING, SOONEST, Grants, pace
from tui.clients.kube.session import KubeSession
from tui.model.faults import Fault, FaultError

READ = {"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods"]}
WRITE = {"verbs": ["patch"], "apiGroups": ["apps"], "resources": ["deployments"]}


class Api:
    """Tells what may be done, and counts how often that was asked for."""

    def __init__(self) -> None:
        self.rules: list[dict[str, Any]] = [READ]
        self.asked = 0
        self.away = False

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        self.asked += 1
        if self.away:
            raise FaultError(Fault("api-unreachable", "not there", kind="unreachable"))
        assert body["spec"] == {"namespace": "shop"}
        return {"status": {"resourceRules": self.rules, "incomplete": False}}

    async def asked_again(self) -> None:
        """Wait until it was asked, and the answer to that taken."""
        asked = self.asked
        await eventually(lambda: self.asked > asked + 1, 10)


class Refused:
    """Somebody who was refused something."""

    def __init__(self, grants: Grants) -> None:
        self._grants = grants
        self.woken = 0

    @contextmanager
    def waiting(self) -> Iterator[None]:
        with self._grants.told(self, self._wake):
            yield

    def _wake(self) -> None:
        self.woken += 1


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    monkeypatch.setattr(granting, "SOONEST", 0.01)
    return Api()


@pytest.fixture
async def grants(api: Api) -> Grants:
    return Grants(cast(KubeSession, api), "shop")


async def test_who_was_refused_is_woken_once_and_again_when_something_else_is_allowed(
    api: Api, grants: Grants
) -> None:
    refused = Refused(grants)
    with refused.waiting():
        await eventually(lambda: refused.woken == 1, 10)
    api.rules = [WRITE, READ]
    with refused.waiting():
        await eventually(lambda: refused.woken == 2, 10)
    api.rules = [READ, WRITE]  # in whatever order
    with refused.waiting():
        await api.asked_again()
        assert refused.woken == 2
        api.rules = [READ]
        await eventually(lambda: refused.woken == 3, 10)


async def test_one_request_serves_all_and_none_is_sent_once_nobody_waits(
    api: Api, grants: Grants, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(granting, "SOONEST", 1000.0)
    monkeypatch.setattr(granting, "RAREST", 1000.0)
    first, second, third = (Refused(grants) for _ in range(3))
    with first.waiting(), second.waiting(), third.waiting():
        await asyncio.sleep(0)
        grants.stir()
        await eventually(lambda: first.woken and second.woken and third.woken, 10)
        assert api.asked == 1
    await eventually(lambda: asyncio.all_tasks() == {asyncio.current_task()}, 10)


async def test_an_api_that_is_away_is_asked_again(api: Api, grants: Grants) -> None:
    refused = Refused(grants)
    api.away = True
    with refused.waiting():
        await api.asked_again()
        assert not refused.woken
        api.away = False
        await eventually(lambda: refused.woken, 10)


async def test_what_the_user_does_has_it_looked_at_at_once(
    api: Api, grants: Grants, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(granting, "SOONEST", 1000.0)
    monkeypatch.setattr(granting, "RAREST", 1000.0)
    refused = Refused(grants)
    with refused.waiting():
        await asyncio.sleep(0)
        assert not api.asked
        grants.stir()
        await eventually(lambda: refused.woken, 10)


def test_the_longer_nothing_happens_the_more_rarely_it_is_asked() -> None:
    assert pace(0.0) == pace(SLOWING) == SOONEST
    assert pace(5 * SLOWING) == 5.0
    assert pace(8 * 3600.0) == RAREST
