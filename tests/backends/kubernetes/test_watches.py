"""Views of one namespace, each list watched once; the API is played."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from tests.cluster import eventually
from tui.backends.kubernetes.collecting import KINDS, Collector
from tui.backends.kubernetes.hooks import Hooks
from tui.backends.kubernetes.picture.wanted import Wanted
from tui.backends.kubernetes.watches import Watches
from tui.clients.kube.session import KubeSession

NOTHING = cast(Any, None)
NO_HOOKS = Hooks(NOTHING, NOTHING, NOTHING, "app")
PODS, JOBS = "/api/v1/namespaces/here/pods", "/apis/batch/v1/namespaces/here/jobs"


class Silence:
    """What a watch reads in which nothing happens."""

    async def readany(self) -> bytes:
        await asyncio.Event().wait()
        raise AssertionError


class Api:
    """Has one pod and no jobs; counts what is listed and how many watches are open."""

    def __init__(self) -> None:
        self.listed = Counter[str]()
        self.open = Counter[str]()
        self.broken = False
        self.answers = asyncio.Event()
        self.answers.set()

    async def get(self, path: str, query: object) -> dict[str, Any]:
        self.listed[path] += 1
        await self.answers.wait()
        if self.broken:
            return {}
        items = [{"metadata": {"uid": "1", "name": "web"}}] if path == PODS else []
        kind = "PodList" if path == PODS else "JobList"
        metadata = {"resourceVersion": "1"}
        return {"kind": kind, "apiVersion": "v1", "metadata": metadata, "items": items}

    @asynccontextmanager
    async def stream(
        self, path: str, query: Mapping[str, str], patience: float
    ) -> AsyncIterator[Silence]:
        self.open[path] += 1
        try:
            yield Silence()
        finally:
            self.open[path] -= 1


class Seeing:
    """A view, kept up to date by a task, that counts how often it was told of a change."""

    def __init__(self, watches: Watches, *kinds: str) -> None:
        self.told = 0
        self.view = watches.view(self._take, kinds)
        self.task = asyncio.create_task(self.view.run())

    def _take(self) -> None:
        self.told += 1

    async def end(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def watches(api: Api) -> Watches:
    return Watches(cast(KubeSession, api), "here")


async def test_a_kind_is_listed_and_watched_once_for_all_views_of_it(
    api: Api, watches: Watches
) -> None:
    first, second = Seeing(watches, "Pod"), Seeing(watches, "Pod", "Job")
    await eventually(lambda: api.open == {PODS: 1, JOBS: 1})
    assert api.listed == {PODS: 1, JOBS: 1}
    assert first.view.begun
    assert first.view.now.by_kind.keys() == {"Pod"}
    assert second.view.now.by_kind == {**first.view.now.by_kind, "Job": {}}
    await first.end()
    await second.end()


async def test_a_later_view_is_told_at_once_what_was_seen_before(
    api: Api, watches: Watches
) -> None:
    first = Seeing(watches, "Pod")
    await eventually(lambda: first.view.begun)
    later = Seeing(watches, "Pod")
    await eventually(lambda: later.told > 0)
    assert later.view.begun
    assert len(later.view.now.of("Pod")) == 1
    await first.end()
    await later.end()


async def test_a_watch_lasts_until_its_last_view_ends_and_then_begins_anew(
    api: Api, watches: Watches
) -> None:
    first, second = Seeing(watches, "Pod"), Seeing(watches, "Pod")
    await eventually(lambda: api.open[PODS] == 1)
    await first.end()
    assert (api.open[PODS], len(second.view.now.of("Pod"))) == (1, 1)
    await second.end()
    assert (api.open[PODS], len(second.view.now.of("Pod"))) == (0, 0)
    assert not second.view.begun
    third = Seeing(watches, "Pod")
    await eventually(lambda: third.view.begun)
    assert api.listed[PODS] == 2
    await third.end()


async def test_a_watch_that_breaks_ends_every_view_of_it_and_can_be_begun_again(
    api: Api, watches: Watches
) -> None:
    api.broken = True
    both = [Seeing(watches, "Pod"), Seeing(watches, "Pod")]
    for one in both:
        with pytest.raises(KeyError):
            await asyncio.wait_for(one.task, 5)
    api.broken = False
    again = Seeing(watches, "Pod")
    await eventually(lambda: again.view.begun)
    await again.end()


async def test_a_view_may_begin_again_while_another_has_yet_to_learn_that_the_watch_broke(
    api: Api, watches: Watches
) -> None:
    api.broken = True
    other, first = watches.view(lambda: None, ["Pod"]), Seeing(watches, "Pod")
    resource = next(iter(other.resources))
    watches.join(other, resource)
    with pytest.raises(KeyError):
        await asyncio.wait_for(first.task, 5)
    api.broken = False
    again = Seeing(watches, "Pod")
    await eventually(lambda: again.view.begun)
    assert watches.leave(other, resource) is None
    assert api.open[PODS] == 1
    await again.end()


async def test_what_fails_at_collecting_ends_it_and_nobody_else(api: Api, watches: Watches) -> None:
    def failing() -> Wanted:
        raise ZeroDivisionError

    api.answers.clear()
    collecting = asyncio.ensure_future(anext(Collector(watches, failing, NO_HOOKS, {}).batches()))
    await eventually(lambda: len(api.listed) == len(KINDS))
    other = Seeing(watches, *KINDS)
    await eventually(lambda: other.told > 0)
    api.answers.set()
    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(collecting, 5)
    await eventually(lambda: api.open == dict.fromkeys(api.listed, 1))
    assert not other.task.done()
    await other.end()
