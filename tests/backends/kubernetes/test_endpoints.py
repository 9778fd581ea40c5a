"""Endpoints: which addresses there are, when they are asked, and what is told of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.backends.kubernetes.test_picture import changed
from tests.situations.recordings import objects_of, recorded, wanted_of
from tui.backends.kubernetes.endpoints import asking
from tui.backends.kubernetes.endpoints.asking import Asker, ask_endpoint, told
from tui.backends.kubernetes.endpoints.finding import Target, find_targets, scheme_of
from tui.backends.kubernetes.objects import Objects
from tui.clients.asking import Answer
from tui.model.routes import Endpoint, best_url

LOCAL = "127.0.0.1"
PORT = {"name": "http", "port": 80, "nodePort": 30080}


def service(kind: str, *ports: dict[str, Any], given: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "kind": "Service",
        "metadata": {"uid": "s", "name": "web", "namespace": "shop"},
        "spec": {"type": kind, "ports": list(ports or (PORT,))},
        "status": {"loadBalancer": {"ingress": [{"ip": one} for one in given]}},
    }


def ingress(*rules: tuple[str, str], given: tuple[str, ...] = (), **spec: Any) -> dict[str, Any]:
    written = [{"host": host, "http": {"paths": [{"path": path}]}} for host, path in rules]
    return {
        "kind": "Ingress",
        "metadata": {"uid": "i", "name": "web"},
        "spec": {"rules": written, **spec},
        "status": {"loadBalancer": {"ingress": [{"ip": one} for one in given]}},
    }


def told_of(*raw: dict[str, Any], local: bool = True) -> list[tuple[str, str]]:
    """Return kind and URL of what is found."""
    objects = objects_of(raw)
    found = find_targets(objects, wanted_of(objects), local=local)
    return [(target.kind, target.endpoint.url) for target in found]


def test_a_node_port_of_a_local_cluster_is_on_this_machine_first() -> None:
    assert told_of(service("NodePort")) == [("NodePort", "http://127.0.0.1:30080")]


def test_elsewhere_it_is_on_the_nodes_of_the_releases_pods() -> None:
    objects = with_service(recorded("good"), service("NodePort"))
    there = {pod["status"]["hostIP"] for pod in objects.of("Pod")}
    (target,) = find_targets(objects, wanted_of(objects), local=False)
    assert set(target.addresses) == there
    assert find_targets(objects, wanted_of(objects), local=True)[0].addresses[0] == LOCAL


def with_service(objects: Objects, one: dict[str, Any]) -> Objects:
    """Return the objects with this Service in place of those recorded."""
    copied = changed(objects, "Service", lambda _: None)
    return Objects({**copied.by_kind, "Service": {"s": one}, "Ingress": {}})


def test_a_load_balancer_counts_before_its_ports_on_the_nodes() -> None:
    given = told_of(service("LoadBalancer", given=("192.0.2.7",)))
    assert given == [("LoadBalancer", "http://192.0.2.7")]


def test_a_load_balancer_without_an_address_says_so_and_the_node_port_goes_in_its_place() -> None:
    objects = objects_of([service("LoadBalancer")])
    waiting, node = find_targets(objects, wanted_of(objects), local=True)
    assert (waiting.endpoint.cause, waiting.endpoint.url) == ("endpoint-no-address", "")
    assert node.kind == "NodePort"


def test_a_plain_service_is_for_those_inside() -> None:
    objects = objects_of([service("ClusterIP")])
    (target,) = find_targets(objects, wanted_of(objects), local=True)
    assert target.endpoint.url == "http://web.shop.svc"
    assert target.endpoint.reach == "inside"
    assert told_of(service("ExternalName")) == []


@pytest.mark.parametrize(
    ("port", "scheme"),
    [
        ({"port": 80}, "http"),
        ({"port": 443}, "https"),
        ({"port": 9000, "name": "https-admin"}, "https"),
        ({"port": 80, "name": "http-api"}, "http"),
        ({"port": 5432, "name": "postgres"}, "tcp"),
        ({"port": 80, "name": "http", "appProtocol": "https"}, "https"),
        ({"port": 6379, "appProtocol": "redis"}, "tcp"),
    ],
)
def test_a_port_speaks_what_it_says(port: dict[str, Any], scheme: str) -> None:
    assert scheme_of(port) == scheme


def test_ports_of_other_protocols_are_left_alone() -> None:
    assert told_of(service("NodePort", {**PORT, "protocol": "UDP"})) == []


def test_an_ingress_is_asked_at_its_address_for_its_host() -> None:
    objects = objects_of([ingress(("shop.test", "/api"), given=("192.0.2.9",))])
    (target,) = find_targets(objects, wanted_of(objects), local=True)
    assert target.addresses == ("192.0.2.9",)
    assert target.question("192.0.2.9").url == "http://shop.test/api"


@pytest.mark.parametrize(
    ("rules", "spec", "url"),
    [
        (("shop.test", "/"), {}, "http://shop.test"),
        (("shop.test", "/"), {"tls": [{"hosts": ["shop.test"]}]}, "https://shop.test"),
        (("shop.test", "/"), {"tls": [{"secretName": "web"}]}, "https://shop.test"),
        (("shop.test", "/"), {"tls": [{"hosts": ["other.test"]}]}, "http://shop.test"),
        (("shop.test", "/api(/|$)(.*)"), {}, "http://shop.test/api"),
        (("", "/"), {}, ""),
    ],
)
def test_an_ingress_has_the_url_of_its_rule(
    rules: tuple[str, str], spec: dict[str, Any], url: str
) -> None:
    assert told_of(ingress(rules, **spec)) == [("Ingress", url)]


def test_hosts_of_no_single_url_are_left_out() -> None:
    assert told_of(ingress(("*.shop.test", "/"), ("shop.test/evil", "/"))) == []


def test_an_ingress_goes_before_a_node_port() -> None:
    kinds = [kind for kind, _ in told_of(service("NodePort"), ingress(("shop.test", "/")))]
    assert kinds == ["Ingress", "NodePort"]


def test_from_500_on_it_is_a_failure_and_a_redirect_says_where_to() -> None:
    asked = Endpoint("Ingress", "web", "http://shop.test")
    assert told(asked, Answer(499)).reach == "answers"
    failing = told(asked, Answer(500))
    assert (failing.reach, failing.cause) == ("failing", "endpoint-error")
    assert told(asked, Answer(301, "https://shop.test/")).answer == "HTTP 301 to https://shop.test/"


def test_the_url_to_open_is_of_the_first_that_answers() -> None:
    failing = Endpoint("Ingress", "web", "http://shop.test", "failing")
    good = Endpoint("NodePort", "web", "http://127.0.0.1:30080", "answers")
    database = Endpoint("NodePort", "db", "tcp://127.0.0.1:30432", "answers")
    inside = Endpoint("Service", "web", "http://web.shop.svc", "inside")
    assert best_url((failing, good)) == good.url
    assert best_url((inside, failing)) == failing.url
    assert best_url((inside, database)) == ""


class Web:
    """A server whose status can be changed."""

    def __init__(self) -> None:
        self.status, self.port, self.times = 200, 0, 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.times += 1
        writer.write(f"HTTP/1.1 {self.status} x\r\n\r\n".encode())
        writer.close()

    @property
    def target(self) -> Target:
        return Target("NodePort", "web", "http", self.port, (LOCAL,))


@asynccontextmanager
async def web() -> AsyncIterator[Web]:
    one = Web()
    async with await asyncio.start_server(one.serve, LOCAL, 0) as listening:
        one.port = listening.sockets[0].getsockname()[1]
        yield one


async def test_the_first_address_that_answers_is_told() -> None:
    async with web() as server:
        two = Target("NodePort", "web", "http", server.port, ("127.0.0.7", LOCAL))
        assert (await ask_endpoint(two)).url == f"http://{LOCAL}:{server.port}"
        named = Target("Ingress", "web", "http", server.port, (LOCAL,), "shop.test")
        assert (await ask_endpoint(named)).answer == f"HTTP 200 by {LOCAL}"


@pytest.fixture
async def asker() -> AsyncIterator[tuple[Asker, asyncio.Event]]:
    changed = asyncio.Event()
    one = Asker(changed.set)
    yield one, changed
    await one.close()


async def test_it_asks_again_at_once_when_the_rollout_changed_and_else_is_calm(
    asker: tuple[Asker, asyncio.Event],
) -> None:
    one, changed = asker
    async with web() as server:
        for moment, times in ((1, 1), (1, 1), (2, 2)):
            one.want([server.target], moment)
            await one.answered(20)
            assert server.times == times
        assert changed.is_set()
        assert one.answers[server.target].answer == "HTTP 200"
        assert one.due_in is not None
        assert asking.DOUBT < one.due_in <= asking.CALM


async def test_what_fails_is_tried_twice_and_then_more_and_more_seldom(
    asker: tuple[Asker, asyncio.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = asker
    monkeypatch.setattr(asking, "SECOND_TRY", 0.01)
    monkeypatch.setattr(asking, "DOUBT", 0.01)
    async with web() as server:
        server.status = 502
        await until(lambda: repeated(one, server.target, 16))
        assert one.answers[server.target].answer == "HTTP 502"
        assert (one.due_in or 0) > 0.05
        server.status = 200
        await until(lambda: repeated(one, server.target, 17))
        await until(lambda: one.answers[server.target].reach == "answers")


def repeated(one: Asker, target: Target, times: int) -> bool:
    one.want([target], 1)
    asked = one._asked.get(target)
    return asked is not None and (asked.failures * 2 >= times or not asked.failures)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - conditions of several objects
            await asyncio.sleep(0.005)


async def test_what_is_wanted_no_more_is_forgotten(asker: tuple[Asker, asyncio.Event]) -> None:
    one, _ = asker
    async with web() as server:
        one.want([server.target], 1)
        one.want([], 1)
        await one.close()
        assert one.answers == {}
        assert one.due_in is None
