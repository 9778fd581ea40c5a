"""Rights that are granted while redraft is open are noticed soon, by all that were refused."""

import asyncio
from pathlib import Path

import pytest

from tests.cluster import eventually, kubectl
from tests.integration.kube.faults.test_parts_and_logs import WANTED, deployment
from tests.integration.kube.test_logs import Book, collecting
from tests.integration.kube.test_observing import Seen
from tests.integration.kube.test_session import rewritten, token_of
from tui.backends.kubernetes import following
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.ledger import Ledger
from tui.backends.kubernetes.observing import Observer
from tui.backends.kubernetes.record_watching import watch_records
from tui.backends.kubernetes.records import Record
from tui.backends.kubernetes.watches import WATCHED, Watches
from tui.clients.kube import watching
from tui.clients.kube.session import KubeSession
from tui.model.images import Image
from tui.model.releases import Release

LOOKED_AT = [one.plural for one in WATCHED]
pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]


@pytest.fixture
async def reader(
    session: KubeSession, namespace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Return the kubeconfig of somebody who may do nothing yet, nor try again by himself."""
    for one in (watching, following):
        monkeypatch.setattr(one, "RARELY", 1000.0)
    deployments = f"/apis/apps/v1/namespaces/{namespace}/deployments"
    await session.post(deployments, body=deployment(1))
    return rewritten(tmp_path, {"token": await token_of(session, namespace, "default")})


def grant(namespace: str, cluster_role: str) -> None:
    binding = ("create", "rolebinding", cluster_role, f"--clusterrole={cluster_role}")
    kubectl("-n", namespace, *binding, f"--serviceaccount={namespace}:default")


async def test_what_runs_its_logs_and_its_records_are_seen_once_that_is_allowed(
    context: str, cluster: Cluster, reader: Path
) -> None:
    ledger, namespace = Ledger(cluster, "talker"), cluster.namespace
    record = Record(Release(1, Image("busybox", "latest"), started=1000.0))
    await ledger.add(record)
    taken: list[tuple[Record, ...]] = []
    async with KubeSession.open(context, [reader]) as session:
        watching_records = asyncio.create_task(watch_records(session, ledger, taken.append))
        async with (
            Seen(Observer(Watches(session, namespace), WANTED)) as seen,
            collecting(session, namespace, Book(), WANTED) as book,
        ):
            await eventually(lambda: seen.pictures and not seen.rollout.workloads)
            grant(namespace, "admin")
            await eventually(lambda: taken == [(record,)])
            await eventually(lambda: seen.rollout.pods)
            await eventually(book.said)
        watching_records.cancel()


async def test_a_log_is_read_once_that_is_allowed_besides(
    session: KubeSession, context: str, namespace: str, reader: Path
) -> None:
    rule = {"apiGroups": ["", "apps", "batch"], "resources": LOOKED_AT, "verbs": ["list", "watch"]}
    role = {"metadata": {"name": "looks"}, "rules": [rule]}
    await session.post(
        f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}/roles", body=role
    )
    account = f"--serviceaccount={namespace}:default"
    kubectl("-n", namespace, "create", "rolebinding", "looks", "--role=looks", account)
    async with (
        KubeSession.open(context, [reader]) as reading,
        collecting(reading, namespace, Book(), WANTED) as book,
    ):
        await eventually(book.markers)
        assert not book.said()
        grant(namespace, "view")
        await eventually(book.said)
