"""What a container had used when it was ended for its memory, on the real cluster."""

import asyncio
import re
import time
from contextlib import aclosing
from pathlib import Path

import pytest

from tests.cluster import eventually
from tests.integration.kube.accounts import as_service_account
from tests.situations.cluster import Cluster, kubectl
from tests.situations.recordings import wanted_of
from tests.situations.table import PYTHON, app
from tui.backends.kubernetes.observing import Observer
from tui.backends.kubernetes.watches import Watches
from tui.clients.kube.session import KubeSession
from tui.model.rollouts import Verdict
from tui.model.verdicts import judge

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]
SLOW_EATER = """\
import time
eaten = []
while True:
    eaten.append(bytearray(4 << 20))
    time.sleep(0.8)
"""
LIMIT = 64
EATING = app("python", "-c", SLOW_EATER, image=PYTHON, resources={"limits": {"memory": "64Mi"}})
USED = re.compile(rf"limit {LIMIT} MiB, used ([\d.]+) MiB at \d\d:\d\d:\d\d, measured by")


async def verdict_of(session: KubeSession, namespace: str, words: "re.Pattern[str]") -> Verdict:
    """Return the verdict on what eats its memory, once it says these words."""
    cluster = Cluster(namespace)
    cluster.apply(EATING)
    told = list[Verdict]()

    async def observe() -> None:
        observer = Observer(Watches(session, namespace), wanted_of(cluster.objects()))
        async with aclosing(observer.rollouts()) as rollouts:
            async for rollout in rollouts:
                told.append(judge(rollout, time.time()))

    observing = asyncio.create_task(observe())
    try:
        await eventually(lambda: told and words.search("\n".join(told[-1].evidence)), 180)
    finally:
        observing.cancel()
        await asyncio.gather(observing, return_exceptions=True)
    return told[-1]


async def test_the_last_use_before_the_end_is_told_with_its_time(
    session: KubeSession, namespace: str
) -> None:
    verdict = await verdict_of(session, namespace, USED)
    assert verdict.cause == "oom-killed"
    (used,) = filter(None, map(USED.search, verdict.evidence))
    assert 1 < float(used[1]) <= LIMIT + 1


async def test_without_the_right_it_is_said_which_one_is_missing(
    session: KubeSession, namespace: str, context: str, tmp_path: Path
) -> None:
    kubectl("-n", namespace, "create", "serviceaccount", "viewer")
    kubectl("-n", namespace, "create", "rolebinding", "viewer", "--clusterrole=view",
            f"--serviceaccount={namespace}:viewer")  # fmt: skip
    config = as_service_account(namespace, tmp_path, "viewer")
    async with KubeSession.open(context, (config,)) as viewing:
        words = re.compile(r"use not known: .*`get nodes/proxy` is not allowed")
        verdict = await verdict_of(viewing, namespace, words)
    assert verdict.cause == "oom-killed"
