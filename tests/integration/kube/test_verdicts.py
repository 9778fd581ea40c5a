"""From a failure in a real cluster to the verdict, through watches and evidence.

How long it took is printed and not asserted: between the moment at which the API's own words,
seen by a watch beside, are enough for the verdict, and the moment at which the observer tells it.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest

from tests.cluster import PATIENCE, eventually
from tests.situations.cluster import Cluster
from tests.situations.expected import EXPECTED, WITH_EVIDENCE, Expected
from tests.situations.recordings import wanted_of
from tests.situations.table import BEFORE, NEXT, SITUATIONS
from tui.backends.kubernetes.observing import Observer
from tui.backends.kubernetes.picture import picture
from tui.backends.kubernetes.picture.wanted import Wanted
from tui.backends.kubernetes.watches import Watches
from tui.clients.kube.session import KubeSession
from tui.model.rollouts import Rollout, Verdict
from tui.model.verdicts import judge

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

ROWS = (
    "good",
    "good-job",
    "image-not-found",
    "image-unreachable",
    "crash-loop",
    "oom-killed",
    "missing-secret",
    "start-error",
    "init-crash",
    "unschedulable-cpu",
    "claim-missing",
    "quota",
    "quota-daemonset",
    "readiness-http",
    "readiness-wrong-port",
    "readiness-loopback",
    "liveness-http",
    "mount-configmap",
    "job-backoff",
    "progress-deadline",
    "service-selects-nothing",
    "service-port-closed",
    "ingress-service-missing",
)


def fits(verdict: Verdict, expected: Expected) -> bool:
    text = "\n".join((verdict.sentence, *verdict.evidence, verdict.remedy))
    same = (verdict.outcome, verdict.cause) == (expected.outcome, expected.cause)
    return same and all(words in text for words in expected.says)


class Beside:
    """A watch of its own: tells when the API alone said enough for a cause."""

    def __init__(self, session: KubeSession, namespace: str, wanted: Wanted) -> None:
        self.known_at: dict[str, float] = {}
        self._wanted = wanted
        self._view = Watches(session, namespace).view(self._changed)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._view.run())
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    def _changed(self) -> None:
        if self._view.begun:
            verdict = judge(picture(self._view.now, self._wanted), time.time())
            self.known_at.setdefault(verdict.cause or verdict.outcome, time.monotonic())


class Telling:
    """The observer's pictures, judged as the engine does: at each one, and as time passes."""

    def __init__(self, observer: Observer) -> None:
        self.rollout = Rollout(0)
        self.told_at: dict[str, float] = {}
        self._observer = observer

    async def until(self, expected: Expected) -> None:
        """Wait for a verdict."""
        task = asyncio.create_task(self._observe())
        try:
            await eventually(lambda: task.done() or fits(self._judge(), expected), PATIENCE * 2)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _observe(self) -> None:
        async with aclosing(self._observer.rollouts()) as rollouts:
            async for self.rollout in rollouts:
                self._judge()

    def _judge(self) -> Verdict:
        verdict = judge(self.rollout, time.time())
        self.told_at.setdefault(verdict.cause or verdict.outcome, time.monotonic())
        return verdict


@pytest.mark.parametrize("name", ROWS)
async def test_a_failure_is_told_with_cause_evidence_and_remedy(
    session: KubeSession, namespace: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster = Cluster(namespace)
    cluster.apply(SITUATIONS[name]())
    wanted = wanted_of(cluster.objects())
    observer = Observer(Watches(session, namespace), wanted)
    beside = Beside(session, namespace, wanted)
    telling = Telling(observer)
    async with beside.running():
        await telling.until(WITH_EVIDENCE.get(name, EXPECTED[name]))
    with capsys.disabled():
        for cause in telling.told_at.keys() & beside.known_at.keys() - {"progressing"}:
            late = telling.told_at[cause] - beside.known_at[cause]
            print(f"\n{name}: {cause} told {late * 1000:.0f} ms after the API", end="")  # noqa: T201


@pytest.mark.parametrize("name", NEXT)
async def test_old_pods_are_kept_apart_and_are_not_judged(
    session: KubeSession, namespace: str, name: str
) -> None:
    cluster = Cluster(namespace)
    cluster.apply(BEFORE[name]())
    observer = Observer(Watches(session, namespace), wanted_of(cluster.objects()))
    telling = Telling(observer)
    await telling.until(Expected("ready"))
    before = telling.rollout
    cluster.apply(NEXT[name]())
    observer.want(wanted_of(cluster.objects()))
    await telling.until(EXPECTED[name])
    after = telling.rollout
    new = {pod.name for pod in after.pods if pod.revision == after.revision}
    again = {"web-0"} if name == "update-statefulset" else set()  # it keeps its name
    assert new & {pod.name for pod in before.pods} == again
