from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.cluster import fresh_namespace, kubeconfig
from tests.integration.kube.deployed import Deployed, deployed
from tui.backends.kubernetes.cluster import Cluster
from tui.clients.kube.session import KubeSession
from tui.model.places import Place


@pytest.fixture
def context() -> str:
    return kubeconfig().current


@pytest.fixture
async def session(context: str) -> AsyncIterator[KubeSession]:
    async with KubeSession.open(context) as opened:
        yield opened


@pytest.fixture
async def namespace(session: KubeSession) -> AsyncIterator[str]:
    async with fresh_namespace(session) as name:
        yield name


@pytest.fixture
async def cluster(context: str, namespace: str) -> AsyncIterator[Cluster]:
    """Return the fresh namespace as a backend reaches it."""
    one = Cluster(Place(context, namespace))
    yield one
    await one.close()


@pytest.fixture
def app(tmp_path: Path, namespace: str, registry: str, engine: object) -> Iterator[Deployed]:
    """Return a small project with a chart, to be deployed to a fresh namespace."""
    one = deployed(tmp_path, namespace, registry)
    yield one
    one.close()
