import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.cluster import eventually
from tests.cutting import way_to_the_cluster
from tui.clients.kube import watching
from tui.clients.kube.session import KubeSession
from tui.clients.kube.watching import RawObject, Watch, Watched

pytestmark = pytest.mark.integration


def names(watch: Watch) -> set[str]:
    return {str(item["metadata"]["name"]) for item in watch.now.objects.values()} - {
        "kube-root-ca.crt"
    }


@asynccontextmanager
async def running(watch: Watch) -> AsyncIterator[Watch]:
    task = asyncio.create_task(watch.run())
    try:
        yield watch
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def maps(namespace: str) -> str:
    return f"/api/v1/namespaces/{namespace}/configmaps"


async def add(session: KubeSession, namespace: str, *wanted: str) -> None:
    for name in wanted:
        await session.post(maps(namespace), body={"metadata": {"name": name}})


def watch_maps(session: KubeSession, namespace: str) -> Watch:
    return Watch(session, maps(namespace), changed=lambda: None)


async def test_changes_arrive_and_objects_tell_their_kind(
    session: KubeSession, namespace: str
) -> None:
    await add(session, namespace, "first")
    async with running(watch_maps(session, namespace)) as watch:
        await eventually(lambda: names(watch) == {"first"})
        await add(session, namespace, "second")
        await eventually(lambda: names(watch) == {"first", "second"})
        await session.delete(f"{maps(namespace)}/first")
        await eventually(lambda: names(watch) == {"second"})
        kinds = {(item["apiVersion"], item["kind"]) for item in watch.now.objects.values()}
        assert kinds == {("v1", "ConfigMap")}


async def test_what_is_deleted_is_handed_over_in_its_last_state(
    session: KubeSession, namespace: str
) -> None:
    removed = list[RawObject]()
    await add(session, namespace, "kept", "marked")
    watch = Watch(session, maps(namespace), lambda: None, removed=removed.append)
    async with running(watch):
        await eventually(lambda: names(watch) == {"kept", "marked"})
        marked = {"metadata": {"name": "marked"}, "data": {"deleted": "yes"}}
        await session.put(f"{maps(namespace)}/marked", body=marked)
        await session.delete(f"{maps(namespace)}/marked")
        await eventually(lambda: names(watch) == {"kept"})
    assert [(one["metadata"]["name"], one["data"]) for one in removed] == [
        ("marked", {"deleted": "yes"})
    ]


async def test_a_list_of_many_pages_is_whole(
    session: KubeSession, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "PAGE", 3)
    wanted = {f"map-{number}" for number in range(10)}
    await add(session, namespace, *wanted)
    async with running(watch_maps(session, namespace)) as watch:
        await eventually(lambda: watch.now.listed)
        assert names(watch) == wanted


async def test_a_cut_way_is_told_and_what_happened_meanwhile_is_caught_up_with(
    session: KubeSession, namespace: str, context: str, tmp_path: Path
) -> None:
    async with (
        way_to_the_cluster(tmp_path) as (way, path),
        KubeSession.open(context, [path]) as over,
        running(watch_maps(over, namespace)) as watch,
    ):
        await eventually(lambda: watch.now.listed)
        await way.cut()
        await eventually(lambda: watch.now.lost_since > 0)
        fault = watch.now.fault
        assert fault
        assert fault.code == "api-unreachable"
        await add(session, namespace, "meanwhile")
        assert names(watch) == set()
        await way.mend()
        await eventually(lambda: names(watch) == {"meanwhile"})
        assert watch.now == Watched(watch.now.objects, listed=True)


async def test_a_version_the_server_forgot_leads_to_a_new_list(
    session: KubeSession, namespace: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "redraft.kubernetes")
    watch = watch_maps(session, namespace)
    await add(session, namespace, "there")
    watch._store.replace([{"metadata": {"uid": "long-gone", "name": "ghost"}}], "1")
    async with running(watch):
        await eventually(lambda: names(watch) == {"there"})
    assert "listed anew: too old resource version" in caplog.text


async def test_each_watch_is_followed_by_the_next(
    session: KubeSession, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LASTING", (1, 1))
    async with running(watch_maps(session, namespace)) as watch:
        for number in range(4):
            await add(session, namespace, f"map-{number}")
            await asyncio.sleep(0.7)  # so that watches end before, between and after
        await eventually(lambda: len(names(watch)) == 4)
        assert watch.now.lost_since == 0.0


async def test_what_cannot_be_watched_is_told_and_not_hammered(session: KubeSession) -> None:
    changes: list[str] = []
    watch = Watch(session, "/apis/toys.example/v1/gadgets", changed=lambda: changes.append("x"))
    async with running(watch):
        await eventually(lambda: watch.now.fault is not None)
        assert watch.now.fault is not None
        assert watch.now.fault.code == "api-not-found"
        assert not watch.now.listed
        assert changes == ["x"]
