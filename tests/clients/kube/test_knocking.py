"""One question to a pod; a real one is asked where connections are tested on the cluster."""

from typing import cast

import pytest

from tests.clients.kube.scripted import Pod
from tui.clients.asking import Answer, UnansweredError
from tui.clients.kube.channels import DATA, ERROR
from tui.clients.kube.knocking import knock
from tui.clients.kube.session import KubeSession


async def asked(pod: Pod) -> Answer:
    return await knock(cast("KubeSession", pod), "shop", "web-1", 8080, "/healthz")


async def test_the_status_is_read_as_soon_as_it_is_there() -> None:
    pod = Pod()
    pod.say(DATA, b"HTTP/1.1 20")
    pod.say(DATA, b"0 OK\r\nContent-Length: 9000000\r\n")
    assert await asked(pod) == Answer(200)
    assert (await pod.heard.get()).startswith(b"GET /healthz HTTP/1.1\r\nHost: localhost:8080\r\n")


async def test_a_port_that_nothing_listens_on_does_not_answer() -> None:
    pod = Pod()
    pod.say(ERROR, b"connect: connection refused")
    with pytest.raises(UnansweredError, match="connection refused"):
        await asked(pod)


async def test_what_is_no_http_is_no_answer() -> None:
    pod = Pod()
    pod.say(DATA, b"-ERR unknown command\n")
    with pytest.raises(UnansweredError, match="no HTTP"):
        await asked(pod)


async def test_a_connection_that_is_closed_is_no_answer() -> None:
    pod = Pod()
    pod.end()
    with pytest.raises(UnansweredError, match="closed"):
        await asked(pod)


async def test_a_pod_that_says_nothing_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.clients.kube.knocking.PATIENCE", 0.05)
    with pytest.raises(UnansweredError, match="no answer"):
        await asked(Pod())
