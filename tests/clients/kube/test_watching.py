import asyncio
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.cluster import eventually
from tui.clients.kube import transport, watching
from tui.clients.kube.backoff import LONGEST, pause
from tui.clients.kube.session import KubeSession
from tui.clients.kube.watching import Gone, Store, Watch, Watched
from tui.model.faults import FaultError

NAMES = st.sampled_from("abcd")


def thing(uid: str, version: int) -> dict[str, Any]:
    return {"metadata": {"uid": uid, "resourceVersion": str(version)}}


@given(st.lists(NAMES), st.lists(st.tuples(st.sampled_from(["write", "delete"]), NAMES)))
def test_what_is_known_follows_what_the_server_has(
    listed: list[str], changes: list[tuple[str, str]]
) -> None:
    server = {uid: thing(uid, 1) for uid in listed}
    store = Store()
    store.replace(server.values(), "1")
    for version, (change, uid) in enumerate(changes, start=2):
        if change == "write":
            kind = "MODIFIED" if uid in server else "ADDED"
            server[uid] = thing(uid, version)
            assert store.apply({"type": kind, "object": server[uid]})
        elif server.pop(uid, None):
            assert store.apply({"type": "DELETED", "object": thing(uid, version)})
        else:
            assert not store.apply({"type": "BOOKMARK", "object": thing("", version)})
        assert store.version == str(version)
        assert store.objects == server


def test_an_error_is_made_good_by_a_list() -> None:
    store = Store()
    store.replace([thing("a", 1)], "1")
    with pytest.raises(Gone, match="too old"):
        store.apply({"type": "ERROR", "object": {"code": 410, "message": "too old"}})
    store.replace([thing("b", 9)], "9")
    assert store.objects == {"b": thing("b", 9)}


@given(st.integers(1, 10**6), st.floats(0, 1))
def test_pauses_grow_to_the_longest_and_never_vanish(failures: int, chance: float) -> None:
    assert 0.1 < pause(failures, chance) <= LONGEST
    assert pause(failures, chance) <= pause(failures + 1, chance)


def test_two_clients_do_not_come_back_together() -> None:
    assert pause(3, 0.0) < pause(3, 0.5) < pause(3, 1.0)


class SilentApi:
    """An API that lists what there is, and takes up every watch and websocket without a word."""

    def __init__(self) -> None:
        self.watches = 0
        self.first: list[bytes] = []
        """Answered before anything else."""
        self._ended = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            while request := (await reader.readuntil(b"\r\n\r\n")).decode():
                if self.first:
                    writer.write(self.first.pop(0))
                elif "watch=1" in request.splitlines()[0] or "Upgrade: websocket" in request:
                    self.watches += 1
                    await self._ended.wait()
                    return
                else:
                    writer.write(self.listed())

    def end(self) -> None:
        self._ended.set()

    def listed(self) -> bytes:
        metadata = {"resourceVersion": "1"}
        items = [thing("a", 1)]
        listed = {"kind": "PodList", "apiVersion": "v1", "metadata": metadata, "items": items}
        body = json.dumps(listed).encode()
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def kubeconfig_for(port: int, folder: Path) -> Path:
    context = {"name": "silent", "context": {"cluster": "c", "user": "u"}}
    cluster = {"name": "c", "cluster": {"server": f"http://127.0.0.1:{port}"}}
    path = folder / "kubeconfig"
    users = [{"name": "u", "user": {}}]
    document = {"contexts": [context], "clusters": [cluster], "users": users}
    path.write_text(yaml.safe_dump(document))
    return path


async def test_a_watch_that_is_never_answered_is_told_and_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "OPENING", 0.2)
    api = SilentApi()
    server = await asyncio.start_server(api.serve, "127.0.0.1", 0)
    path = kubeconfig_for(server.sockets[0].getsockname()[1], tmp_path)
    async with server, KubeSession.open("silent", [path]) as session:
        watch = Watch(session, "/api/v1/pods", changed=lambda: None)
        task = asyncio.create_task(watch.run())
        await eventually(lambda: watch.now.fault)
        assert watch.now.fault
        assert watch.now.fault.code == "api-unreachable"
        assert set(watch.now.objects) == {"a"}
        await eventually(lambda: api.watches > 1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        api.end()


@pytest.mark.timeout(30)
async def test_the_page_of_a_gateway_is_told_and_the_api_behind_it_asked_for_again(
    tmp_path: Path,
) -> None:
    page = b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html>log in\n"
    api = SilentApi()
    api.first = [page, api.listed(), page]  # to the list, then to the watch
    server = await asyncio.start_server(api.serve, "127.0.0.1", 0)
    path = kubeconfig_for(server.sockets[0].getsockname()[1], tmp_path)
    told: list[Watched] = []
    async with server, KubeSession.open("silent", [path]) as session:
        watch = Watch(session, "/api/v1/pods", changed=lambda: told.append(watch.now))
        task = asyncio.create_task(watch.run())
        await eventually(lambda: api.watches)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        api.end()
    faults = [seen.fault for seen in told]
    assert [fault and fault.code for fault in faults] == [*["api-unreadable", None] * 2]
    assert faults[0]
    assert faults[0].evidence == ("<html>log in",)


@pytest.mark.timeout(30)
async def test_a_websocket_that_is_never_opened_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "PATIENCE", 0.2)
    api = SilentApi()
    server = await asyncio.start_server(api.serve, "127.0.0.1", 0)
    path = kubeconfig_for(server.sockets[0].getsockname()[1], tmp_path)
    async with server, KubeSession.open("silent", [path]) as session:
        with pytest.raises(FaultError) as raised:
            async with session.websocket("/api/v1/namespaces/shop/pods/web/exec"):
                pass
        api.end()
    assert raised.value.fault.code == "api-unreachable"
    assert raised.value.fault.evidence == ("no answer in time",)
