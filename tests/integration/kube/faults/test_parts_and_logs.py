"""Logs over parts of the cluster that stop and come back: nothing lost, nothing repeated."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster import eventually, kubectl, pod
from tests.cutting import Way
from tests.integration.kube.test_logs import Book, collecting
from tests.integration.kube.test_session import token_of
from tests.parts import Parts
from tui.backends.kubernetes import following
from tui.backends.kubernetes.picture.wanted import Wanted
from tui.clients.kube import watching
from tui.clients.kube.session import KubeSession
from tui.clients.kube.watching import Watch
from tui.model.faults import FaultError

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]
PODS = 50
OUTAGE = 5.0
SCRIPT = "i=0; while [ -e /proc/1 ]; do i=$((i + 1)); echo line $i; usleep 100000; done"


def deployment(replicas: int) -> dict[str, Any]:
    made = pod("talker", SCRIPT, restartPolicy="Always")
    return {
        "metadata": {"name": "talker"},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": made["metadata"]["labels"]},
            "template": {"metadata": {"labels": made["metadata"]["labels"]}, "spec": made["spec"]},
        },
    }


WANTED = Wanted(1, frozenset({("Deployment", "talker")}))


@asynccontextmanager
async def talking(session: KubeSession, namespace: str, replicas: int) -> AsyncIterator[Book]:
    """Run pods that say ten lines a second, and collect what they say."""
    deployments = f"/apis/apps/v1/namespaces/{namespace}/deployments"
    await session.post(deployments, body=deployment(replicas))
    async with collecting(session, namespace, Book(), WANTED) as book:
        await eventually(lambda: len(pods(book)) == replicas)
        yield book


def allow_everything(namespace: str) -> None:
    account = f"--serviceaccount={namespace}:reader"
    binding = ("create", "rolebinding", "reader", "--clusterrole=cluster-admin", account)
    kubectl("-n", namespace, *binding)


def over_the_way_with(folder: Path, token: str) -> Path:
    """Have the kubeconfig that goes the way use another token."""
    path = folder / "kubeconfig-over-the-way"
    document = yaml.safe_load(path.read_text())
    document["users"] = [{"name": "reader", "user": {"token": token}}]
    document["contexts"][0]["context"]["user"] = "reader"
    path.write_text(yaml.safe_dump(document))
    return path


def pods(book: Book) -> set[str]:
    return {record.pod for record in book.records}


def said_by(book: Book, name: str) -> list[str]:
    return [r.message for r in book.records if r.pod == name and r.stream == "stdout"]


def markers(book: Book) -> list[str]:
    return [record.message for record in book.records if record.stream == "marker"]


async def assert_equal_to_the_api(session: KubeSession, namespace: str, book: Book) -> None:
    """Whatever the API has of each pod now, we have soon, line by line."""
    for name in sorted(pods(book)):
        async with session.stream(f"/api/v1/namespaces/{namespace}/pods/{name}/log") as content:
            theirs = (await content.read()).decode().splitlines()

        def caught_up(name: str = name, wanted: int = len(theirs)) -> bool:
            return len(said_by(book, name)) >= wanted

        await eventually(caught_up)
        assert said_by(book, name)[: len(theirs)] == theirs


async def test_fifty_pods_are_followed_at_once_without_losing_a_line(
    session: KubeSession, namespace: str
) -> None:
    async with talking(session, namespace, PODS) as book:
        await eventually(lambda: all(len(said_by(book, name)) > 200 for name in pods(book)))
        await assert_equal_to_the_api(session, namespace, book)
        assert not markers(book)


async def test_rights_that_are_taken_away_for_a_while_cost_no_line(
    session: KubeSession,
    namespace: str,
    context: str,
    way: Way,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "RARELY", 1000.0)
    monkeypatch.setattr(following, "RARELY", 1000.0)
    kubectl("-n", namespace, "create", "serviceaccount", "reader")
    allow_everything(namespace)
    path = over_the_way_with(tmp_path, await token_of(session, namespace, "reader"))
    async with KubeSession.open(context, [path]) as reader, talking(reader, namespace, 2) as book:
        await eventually(lambda: all(len(said_by(book, name)) > 10 for name in pods(book)))
        kubectl("-n", namespace, "delete", "rolebinding", "reader")
        way.break_connections()
        await eventually(lambda: len(markers(book)) == 2)
        allow_everything(namespace)
        await assert_equal_to_the_api(session, namespace, book)
        assert all(said.startswith("logs cannot be read: ") for said in markers(book))


@pytest.mark.stops_parts
async def test_an_api_server_that_is_away_for_a_while_costs_no_line_and_no_change(
    session: KubeSession, namespace: str, parts: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "redraft.kubernetes")
    maps = f"/api/v1/namespaces/{namespace}/configmaps"
    watch = Watch(session, maps, changed=lambda: None)
    task = asyncio.create_task(watch.run())
    async with talking(session, namespace, 10) as book:
        async with parts.stopped("kube-apiserver"):
            await eventually(lambda: watch.now.lost_since > 0)
            with pytest.raises(FaultError) as raised:
                await session.get("/version")
            assert raised.value.fault.code == "api-unreachable"
            await asyncio.sleep(OUTAGE)
        await eventually(lambda: watch.now.lost_since == 0)
        # its watch cache is empty: it answers 410 to the version that we know
        await eventually(lambda: f"{maps} is listed anew: too old resource version" in caplog.text)
        await session.post(maps, body={"metadata": {"name": "after"}})
        await eventually(lambda: "after" in str(watch.now.objects))
        await assert_equal_to_the_api(session, namespace, book)
        assert not markers(book)
    task.cancel()


@pytest.mark.stops_parts
async def test_a_kubelet_that_starts_anew_costs_no_line(
    session: KubeSession, namespace: str, parts: Parts
) -> None:
    async with talking(session, namespace, 10) as book:
        async with parts.stopped("kubelet"):
            await asyncio.sleep(3)
        known = len(book.records)
        await eventually(lambda: len(book.records) > known + 300)
        await assert_equal_to_the_api(session, namespace, book)
        assert not markers(book)
