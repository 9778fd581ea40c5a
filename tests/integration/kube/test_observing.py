"""The observer on a real cluster: through breaks, from one release to the next, and to its end."""

import asyncio
import json
from contextlib import aclosing
from pathlib import Path

import pytest

from tests.cluster import eventually, kubectl
from tests.cutting import way_to_the_cluster
from tests.integration.kube.test_session import rewritten, token_of
from tests.situations.cluster import Cluster
from tests.situations.recordings import REVISION, wanted_of
from tests.situations.table import SITUATIONS
from tui.backends.kubernetes.observing import Observer
from tui.backends.kubernetes.picture.wanted import Wanted
from tui.backends.kubernetes.watches import Watches
from tui.clients.kube import watching
from tui.clients.kube.session import KubeSession
from tui.model.faults import FaultError
from tui.model.plain import from_plain, to_plain
from tui.model.rollouts import Rollout
from tui.model.verdicts import judge

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]


class Seen:
    """The newest picture of an observer."""

    def __init__(self, observer: Observer) -> None:
        self.rollout = Rollout(0)
        self.pictures = 0
        self._observer = observer

    async def __aenter__(self) -> "Seen":
        self._task = asyncio.create_task(self._follow())
        return self

    async def __aexit__(self, *error: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _follow(self) -> None:
        async with aclosing(self._observer.rollouts()) as rollouts:
            async for self.rollout in rollouts:
                self.pictures += 1

    def settled(self) -> bool:
        """Whether everything that follows on the pods' readiness has followed."""
        rollout = self.rollout
        return (
            self.ready()
            and all(workload.available == 2 for workload in rollout.workloads)
            and all(service.ready_endpoints == 2 for service in rollout.services)
        )

    def ready(self) -> bool:
        return judge(self.rollout, 4e9).outcome == "ready"


async def test_a_lost_api_is_told_with_what_was_seen_last_and_caught_up_with(
    session: KubeSession, namespace: str, context: str, tmp_path: Path
) -> None:
    cluster = Cluster(namespace)
    cluster.apply(SITUATIONS["good"]())
    async with (
        way_to_the_cluster(tmp_path) as (way, path),
        KubeSession.open(context, [path]) as over,
        Seen(Observer(Watches(over, namespace), wanted_of(cluster.objects()))) as seen,
    ):
        await eventually(seen.ready)
        await way.cut()
        await eventually(lambda: seen.rollout.lost_since > 0)
        assert len(seen.rollout.pods) == 2
        scale = {"spec": {"replicas": 1}}
        deployment = f"/apis/apps/v1/namespaces/{namespace}/deployments/web"
        await session.patch(deployment, body=scale)
        await way.mend()
        await eventually(lambda: seen.rollout.workloads[0].desired == 1 and seen.ready())
        await eventually(lambda: not seen.rollout.lost_since)  # each watch comes back by itself


async def test_an_api_that_was_never_reached_is_told(
    namespace: str, context: str, tmp_path: Path
) -> None:
    wanted = Wanted(REVISION, frozenset({("Deployment", "web")}))
    async with way_to_the_cluster(tmp_path) as (way, path):
        await way.cut()
        async with (
            KubeSession.open(context, [path]) as over,
            Seen(Observer(Watches(over, namespace), wanted)) as seen,
        ):
            await eventually(lambda: seen.rollout.lost_since > 0)
            assert judge(seen.rollout, 4e9).cause == "api-unreachable"


async def test_a_quiet_cluster_makes_no_pictures_and_a_picture_can_be_recorded(
    session: KubeSession, namespace: str
) -> None:
    cluster = Cluster(namespace)
    cluster.apply(SITUATIONS["good"]())
    observer = Observer(Watches(session, namespace), wanted_of(cluster.objects()))
    async with Seen(observer) as seen:
        await eventually(seen.settled)
        told = json.loads(json.dumps(to_plain(seen.rollout)))
        assert from_plain(Rollout, told) == seen.rollout
        pictures = seen.pictures
        observer.want(wanted_of(cluster.objects()))  # nothing differs
        await asyncio.sleep(1)
        assert seen.pictures == pictures


async def test_another_release_is_pictured_as_soon_as_it_is_wanted(
    session: KubeSession, namespace: str
) -> None:
    cluster = Cluster(namespace)
    cluster.apply(SITUATIONS["good"]())
    wanted = wanted_of(cluster.objects())
    observer = Observer(Watches(session, namespace), wanted)
    async with Seen(observer) as seen:
        await eventually(seen.ready)
        observer.want(Wanted(REVISION + 1, wanted.members))
        await eventually(lambda: seen.rollout.revision == REVISION + 1)


async def test_a_release_is_seen_at_once_where_the_right_to_was_granted_meanwhile(
    session: KubeSession,
    namespace: str,
    context: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "RARELY", 1000.0)
    cluster = Cluster(namespace)
    cluster.apply(SITUATIONS["good"]())
    wanted = wanted_of(cluster.objects())
    path = rewritten(tmp_path, {"token": await token_of(session, namespace, "default")})
    async with KubeSession.open(context, [path]) as reader:
        observer = Observer(Watches(reader, namespace), wanted)
        async with Seen(observer) as seen:
            await eventually(lambda: seen.pictures)
            assert seen.rollout.workloads == ()
            allow_everything = ("create", "rolebinding", "all", "--clusterrole=cluster-admin")
            account = f"--serviceaccount={namespace}:default"
            kubectl("-n", namespace, *allow_everything, account)
            await eventually(lambda: may_read(reader, namespace))
            observer.want(wanted)
            await eventually(seen.ready)


async def may_read(session: KubeSession, namespace: str) -> bool:
    try:
        await session.get(f"/api/v1/namespaces/{namespace}/pods")
    except FaultError:
        return False
    return True
