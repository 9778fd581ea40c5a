"""Pods that answer already, though their kubelet has not looked yet.

A kubelet looks once a second at what runs, and asks a readiness probe once in a period: it tells of
a pod that answers up to two seconds later. A connection is made by whoever just saved a file and
waits for that pod. So what its probes ask is asked through the API server as well, from when the
pod has a node; one that passes is led to at once, until its kubelet says otherwise. Where the same
question cannot be put the kubelet is waited for, as it is with a pod that takes long.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable

from tui.backends.kubernetes.endpoints.finding import WEB
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.picture.probing import port_number
from tui.backends.kubernetes.picture.reading import field, holds, name, number, part, parts, text
from tui.backends.kubernetes.picture.reading import uid as uid_of
from tui.backends.kubernetes.standing import Standing
from tui.clients.asking import Answer, UnansweredError
from tui.model.faults import FaultError
from tui.model.frozen import frozen

PAUSE = 0.1
"""Seconds between two questions to a pod."""
MOST = 100
"""Questions to one pod; one that starts for longer is left to its kubelet."""
ON_ITS_WAY = {"", "ContainerCreating", "PodInitializing"}
"""Why a container waits that is started for the first time."""
Ask = Callable[[str, int, str], Awaitable[Answer]]
"""Asks a pod's port for a path by HTTP; raises UnansweredError or FaultError."""


@frozen
class Check:
    """What a readiness probe asks."""

    port: int
    path: str
    any_answer: bool
    """Whether the probe asks for a connection only."""

    def passed(self, status: int) -> bool:
        """Whether an answer passes; a kubelet follows redirects, which is left to it."""
        return self.any_answer or 200 <= status < 300


def checks_of(pod: RawObject) -> tuple[Check, ...]:
    """Return what has to be asked for a pod to be taken for ready, nothing if that is not all."""
    if field(pod, "spec", "readinessGates"):
        return ()
    early = (one for one in parts(pod, "spec", "initContainers") if "readinessProbe" in one)
    found = [_check(one) for one in (*early, *parts(pod, "spec", "containers"))]
    checks = tuple(check for check in found if check is not None)
    return checks if len(checks) == len(found) else ()


def _check(container: RawObject) -> Check | None:
    probe = part(container, "readinessProbe")
    if "startupProbe" in container or number(probe, "initialDelaySeconds"):
        return None
    if number(probe, "successThreshold", default=1) > 1:
        return None
    means = "httpGet" if "httpGet" in probe else "tcpSocket"
    asked = part(probe, means)
    port = port_number(asked.get("port"), [container])
    if not port or asked.get("host") or asked.get("httpHeaders"):
        return None
    if means == "tcpSocket":
        return Check(port, "/", any_answer=True) if _is_web(container, port) else None
    if text(asked, "scheme") not in {"", "HTTP"}:
        return None
    path = text(asked, "path")
    return Check(port, path if path.startswith("/") else f"/{path}", any_answer=False)


def _is_web(container: RawObject, port: int) -> bool:
    """Whether a port is one for HTTP by its name: a database takes a request for abuse."""
    declared = (one for one in parts(container, "ports") if one.get("containerPort") == port)
    return any(text(one, "name").partition("-")[0] in WEB for one in declared)


def pod_to_ask(
    pods: Iterable[tuple[RawObject, int]], asked: Counter[str], answered: str = ""
) -> tuple[RawObject, tuple[Check, ...]] | None:
    """Return which pod to ask now: one of the newest revision, none of which is ready yet.

    Nor is there one that `answered`, by its uid, and starts still: one is enough to lead to.
    """
    found = list(pods)
    newest = max((revision for _, revision in found), default=0)
    latest = [pod for pod, revision in found if revision == newest and newest]
    if any(holds(pod, "Ready") or (uid_of(pod) == answered and _starts(pod)) for pod in latest):
        return None
    for pod in sorted(latest, key=name):
        if asked[uid_of(pod)] < MOST and _starts(pod) and (checks := checks_of(pod)):
            return pod, checks
    return None


def _starts(pod: RawObject) -> bool:
    """Whether a pod is on a node and starts there for the first time."""
    if field(pod, "metadata", "deletionTimestamp") or not text(pod, "spec", "nodeName"):
        return False
    return not any(
        number(one, "restartCount")
        or "terminated" in part(one, "state")
        or text(one, "state", "waiting", "reason") not in ON_ITS_WAY
        for one in parts(pod, "status", "containerStatuses")
    )


class Answering:
    """Asks the pods that start, while somebody is connected."""

    def __init__(self, ask: Ask, standing: Standing, told: Callable[[], None]) -> None:
        """`told` is called when another pod answers."""
        self._ask = ask
        self._standing = standing
        self._told = told
        self._asked = Counter[str]()
        self._uid = ""

    @property
    def pod(self) -> str:
        """The pod that answered last, empty once it is gone: of a set, the next has its name."""
        pods = self._standing.pods()
        return next((name(pod) for pod, _ in pods if uid_of(pod) == self._uid), "")

    async def follow(self) -> None:
        """Ask whenever there is a pod to ask, until cancelled."""
        news = asyncio.Event()
        with self._standing.listening(news.set):
            while True:
                news.clear()
                asked = pod_to_ask(self._standing.pods(), self._asked, self._uid)
                if asked is None:
                    await news.wait()
                elif await self._answers(*asked):
                    self._uid = uid_of(asked[0])
                    self._told()
                else:
                    await asyncio.sleep(PAUSE)

    async def _answers(self, pod: RawObject, checks: tuple[Check, ...]) -> bool:
        """Ask once; one that passes is not asked again."""
        self._asked[uid_of(pod)] += 1
        for check in checks:
            try:
                answer = await self._ask(name(pod), check.port, check.path)
            except (FaultError, UnansweredError):  # it is asked again, and its kubelet tells more
                return False
            if not check.passed(answer.status):
                return False
        self._asked[uid_of(pod)] = MOST
        return True
