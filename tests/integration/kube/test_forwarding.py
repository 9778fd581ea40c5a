import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.cluster import eventually, pod
from tui.clients.kube.forwarding import Forwarder
from tui.clients.kube.session import KubeSession
from tui.model.faults import FaultError

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]
PORT = 8080
SIZE = 3_000_000


class Chosen:
    """Which pod is to be reached, and what was told of connections."""

    def __init__(self) -> None:
        self.pod: str | None = None
        self.told: list[str] = []


@asynccontextmanager
async def forwarding(
    session: KubeSession, namespace: str, chosen: Chosen, remote: int = PORT
) -> AsyncIterator[Forwarder]:
    forwarder = Forwarder(session, namespace, remote, lambda: chosen.pod, chosen.told.append)
    await forwarder.open()
    try:
        yield forwarder
    finally:
        await forwarder.close()


def server(name: str) -> dict[str, Any]:
    """Return a pod that serves its own name, and a large file."""
    large = f"head -c {SIZE} /dev/zero | tr '\\0' x >/www/large"
    return pod(
        name, f"mkdir /www; echo {name} >/www/name; {large}; exec httpd -f -p {PORT} -h /www"
    )


KEEPING = """\
cat >/answer <<'END'
#!/bin/sh
end=$(printf '\\r')
while read -r line; do
  [ "$line" = "$end" ] && printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\n%s' "$NAME"
done
END
chmod +x /answer
nc -lk -p 8080 -e /answer || nc -ll -p 8080 -e /answer
"""
"""A server that keeps its connections; busyboxes differ in how theirs is to stay."""


def keeping(name: str) -> dict[str, Any]:
    """Return a pod that answers its own name of three letters, and keeps its connections."""
    return pod(name, f"export NAME={name}\n{KEEPING}")


async def serving(
    session: KubeSession,
    namespace: str,
    name: str,
    made: Callable[[str], dict[str, Any]] = server,
) -> None:
    pods = f"/api/v1/namespaces/{namespace}/pods"
    await session.post(pods, body=made(name))

    async def running() -> object:
        found = await session.get(f"{pods}/{name}")
        return found["status"].get("phase") == "Running"

    await eventually(running)


async def fetch(port: int, path: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /{path} HTTP/1.0\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer.partition(b"\r\n\r\n")[2]


async def answers(port: int, name: str) -> bool:
    return await fetch(port, "name") == f"{name}\n".encode()


async def test_the_local_port_leads_to_whichever_pod_is_picked(
    session: KubeSession, namespace: str
) -> None:
    chosen = Chosen()
    await asyncio.gather(*(serving(session, namespace, name) for name in ("one", "two")))
    async with forwarding(session, namespace, chosen) as forwarder:
        chosen.pod = "one"
        await eventually(lambda: answers(forwarder.local, "one"))
        assert len(await fetch(forwarder.local, "large")) == SIZE
        many = await asyncio.gather(*(fetch(forwarder.local, "name") for _ in range(20)))
        assert many == [b"one\n"] * 20
        await session.delete(f"/api/v1/namespaces/{namespace}/pods/one")
        chosen.pod = "two"
        assert await answers(forwarder.local, "two")


async def test_a_kept_connection_goes_on_with_the_pod_that_is_picked(
    session: KubeSession, namespace: str
) -> None:
    chosen = Chosen()
    await asyncio.gather(*(serving(session, namespace, name, keeping) for name in ("old", "new")))

    async with forwarding(session, namespace, chosen) as forwarder:
        chosen.pod = "old"
        await eventually(lambda: answers_once(forwarder.local))
        reader, writer = await asyncio.open_connection("127.0.0.1", forwarder.local)
        assert await asked_again(reader, writer) == "old"
        chosen.pod = "new"
        assert await asked_again(reader, writer) == "new"
        await session.delete(f"/api/v1/namespaces/{namespace}/pods/old")
        assert await asked_again(reader, writer) == "new"
        writer.close()


async def answers_once(port: int) -> bool:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        return await asked_again(reader, writer) == "old"
    except asyncio.IncompleteReadError:
        return False
    finally:
        writer.close()


async def asked_again(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
    """Ask by a connection that is kept."""
    writer.write(b"GET / HTTP/1.1\r\nHost: pod\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")
    return (await reader.readexactly(3)).decode()


async def test_a_connection_without_a_pod_is_held_until_there_is_one(
    session: KubeSession, namespace: str
) -> None:
    chosen = Chosen()
    async with forwarding(session, namespace, chosen) as forwarder:
        waiting = asyncio.create_task(fetch(forwarder.local, "name"))
        chosen.pod = "not-there-yet"
        await eventually(lambda: bool(chosen.told))
        assert not waiting.done()
        await serving(session, namespace, "one")
        chosen.pod = "one"
        forwarder.look()
        assert await waiting == b"one\n"


async def test_a_port_nobody_listens_on_is_told(session: KubeSession, namespace: str) -> None:
    chosen = Chosen()
    await serving(session, namespace, "one")
    chosen.pod = "one"
    async with forwarding(session, namespace, chosen, remote=81) as forwarder:
        assert await fetch(forwarder.local, "name") == b""
    assert any("refused" in told for told in chosen.told)


async def test_a_local_port_that_is_taken_is_told(session: KubeSession, namespace: str) -> None:
    chosen = Chosen()
    async with forwarding(session, namespace, chosen) as forwarder:
        second = Forwarder(session, namespace, PORT, lambda: None, chosen.told.append)
        with pytest.raises(FaultError) as raised:
            await second.open(forwarder.local)
    assert raised.value.fault.code == "port-taken"
