"""Which pods are asked before their kubelet tells of them, and what is taken for an answer."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest

from tests.cluster import eventually
from tui.backends.kubernetes.answering import MOST, Answering, Check, checks_of, pod_to_ask
from tui.backends.kubernetes.standing import Standing
from tui.clients.asking import Answer, UnansweredError

HTTP = {"httpGet": {"path": "/healthz", "port": "http"}}
TCP = {"tcpSocket": {"port": 8080}}


def container(probe: dict[str, Any] | None, port: str = "http", **more: Any) -> dict[str, Any]:
    ports = [{"name": port, "containerPort": 8080}]
    probed = {"readinessProbe": probe} if probe else {}
    return {"name": "app", "ports": ports, **probed, **more}


def pod(name: str = "web", *containers: dict[str, Any], **spec: Any) -> dict[str, Any]:
    ours = list(containers) or [container(HTTP)]
    return {
        "metadata": {"name": name, "uid": name},
        "spec": {"nodeName": "node", "containers": ours, **spec},
        "status": {},
    }


def with_status(raw: dict[str, Any], **status: Any) -> dict[str, Any]:
    return {**raw, "status": {"containerStatuses": [{"state": {}, **status}]}}


READY = {**pod("ready"), "status": {"conditions": [{"type": "Ready", "status": "True"}]}}


@pytest.mark.parametrize(
    ("raw", "checks"),
    [
        (pod(), (Check(8080, "/healthz", any_answer=False),)),
        (pod("web", container({"httpGet": {"port": 80}})), (Check(80, "/", any_answer=False),)),
        (pod("web", container(TCP)), (Check(8080, "/", any_answer=True),)),
        (
            pod("web", container(HTTP), container(TCP)),
            (Check(8080, "/healthz", any_answer=False), Check(8080, "/", any_answer=True)),
        ),
    ],
)
def test_what_the_probes_ask_is_asked(raw: dict[str, Any], checks: tuple[Check, ...]) -> None:
    assert checks_of(raw) == checks


@pytest.mark.parametrize(
    "raw",
    [
        pod("web", container(None)),
        pod("web", container(HTTP), container(None)),
        pod("web", container({"exec": {"command": ["true"]}})),
        pod("web", container({"grpc": {"port": 8080}})),
        pod("web", container({**HTTP, "initialDelaySeconds": 5})),
        pod("web", container({**HTTP, "successThreshold": 2})),
        pod("web", container(HTTP, startupProbe=HTTP)),
        pod("web", container({"httpGet": {"port": 8080, "scheme": "HTTPS"}})),
        pod("web", container({"httpGet": {"port": 8080, "host": "shop.test"}})),
        pod("web", container({"httpGet": {"port": 8080, "httpHeaders": [{"name": "Host"}]}})),
        pod("web", container({"httpGet": {"port": "unknown"}})),
        pod("web", container(TCP, port="postgres")),
        pod("web", container(HTTP), initContainers=[container({"exec": {}})]),
        pod("web", container(HTTP), readinessGates=[{"conditionType": "routed"}]),
    ],
)
def test_a_question_that_cannot_be_put_is_left_to_the_kubelet(raw: dict[str, Any]) -> None:
    assert checks_of(raw) == ()


def test_a_redirect_and_an_error_do_not_pass_a_check_but_a_connection_does() -> None:
    by_path, by_port = Check(80, "/", any_answer=False), Check(80, "/", any_answer=True)
    statuses = (200, 204, 302, 404, 503)
    assert [by_path.passed(one) for one in statuses] == [True, True, False, False, False]
    assert all(by_port.passed(one) for one in statuses)


@pytest.mark.parametrize(
    ("pods", "name"),
    [
        ([], ""),
        ([(READY, 1), (pod("new"), 2)], "new"),
        ([(READY, 2), (pod("new"), 2)], ""),
        ([(pod("old"), 1), (READY, 2)], ""),
        ([(pod("b"), 2), (pod("a"), 2)], "a"),
        ([(pod("unknown"), 0)], ""),
        ([(pod("waits", nodeName=""), 1)], ""),
        ([(with_status(pod(), restartCount=1), 1)], ""),
        ([(with_status(pod(), state={"terminated": {"exitCode": 1}}), 1)], ""),
        ([(with_status(pod(), state={"waiting": {"reason": "ImagePullBackOff"}}), 1)], ""),
        ([(with_status(pod(), state={"waiting": {"reason": "ContainerCreating"}}), 1)], "web"),
        ([(with_status(pod(), state={"running": {}}), 1)], "web"),
    ],
)
def test_a_pod_of_the_newest_revision_is_asked_that_starts_for_the_first_time(
    pods: list[tuple[dict[str, Any], int]], name: str
) -> None:
    asked = pod_to_ask(pods, Counter())
    assert (asked[0]["metadata"]["name"] if asked else "") == name


def test_a_pod_that_is_going_is_not_asked() -> None:
    going = pod()
    going["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    assert pod_to_ask([(going, 1)], Counter()) is None


def test_a_pod_that_was_asked_often_is_left_to_its_kubelet() -> None:
    assert pod_to_ask([(pod(), 1)], Counter(web=MOST)) is None


def test_no_other_pod_is_asked_beside_one_that_answered_while_that_starts() -> None:
    answered, other = pod("a"), pod("b")
    asked = Counter(a=MOST)
    assert pod_to_ask([(answered, 2), (other, 2)], asked, "a") is None
    crashed = with_status(answered, restartCount=1)
    assert pod_to_ask([(crashed, 2), (other, 2)], asked, "a") == (other, checks_of(other))
    assert pod_to_ask([(answered, 2), (other, 3)], asked, "a") == (other, checks_of(other))


class Stands:
    """Has pods, and tells when it has others."""

    def __init__(self, *pods: tuple[dict[str, Any], int]) -> None:
        self.now = pods
        self.tell: Callable[[], None] = lambda: None

    def pods(self) -> tuple[tuple[dict[str, Any], int], ...]:
        return self.now

    @contextmanager
    def listening(self, listener: Callable[[], None]) -> Iterator[None]:
        self.tell = listener
        yield


class Asked:
    """Answers from the third question on."""

    def __init__(self) -> None:
        self.questions: list[tuple[str, int, str]] = []

    async def ask(self, pod: str, port: int, path: str) -> Answer:
        self.questions.append((pod, port, path))
        if len(self.questions) < 3:
            raise UnansweredError("connection refused")
        return Answer(200)


async def test_a_pod_is_asked_until_it_answers_and_then_no_more() -> None:
    stands, asked, told = Stands((READY, 1)), Asked(), asyncio.Event()
    answering = Answering(asked.ask, cast("Standing", stands), told.set)
    following = asyncio.create_task(answering.follow())
    try:
        await asyncio.sleep(0)
        assert not asked.questions
        stands.now = ((READY, 1), (pod("new"), 2))
        stands.tell()
        await eventually(told.is_set)
        stands.tell()
        await asyncio.sleep(0)
    finally:
        following.cancel()
    assert answering.pod == "new"
    another = pod("new")
    another["metadata"]["uid"] = "of the next pod of its name"
    stands.now = ((another, 3),)
    assert answering.pod == ""
    assert asked.questions == [("new", 8080, "/healthz")] * 3
