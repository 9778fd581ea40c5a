from collections.abc import AsyncIterator

import pytest

from tests.cluster import fresh_namespace, kubeconfig
from tui.clients.kube.session import KubeSession


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
