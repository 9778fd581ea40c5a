"""What is held of a lease by somebody who may not write all of it, on a real cluster."""

from pathlib import Path
from typing import cast

import pytest

from tests.backends.kubernetes.test_leasing import ME
from tests.cluster import kubectl
from tests.integration.kube.test_session import rewritten, token_of
from tui.backends.kubernetes import leasing
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.leasing import UNHELD, leased
from tui.clients.kube.session import KubeSession
from tui.model.events import Event, Noticed
from tui.model.frozen import frozen

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]


@frozen
class Reached:
    """A namespace as somebody reaches it."""

    spoken: KubeSession
    namespace: str

    async def session(self) -> KubeSession:
        return self.spoken


@pytest.mark.parametrize("verbs", ["get", "get,create"])
async def test_a_lease_that_may_not_be_renewed_keeps_nobody_from_deploying(
    session: KubeSession,
    context: str,
    namespace: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    verbs: str,
) -> None:
    monkeypatch.setattr(leasing, "FRESH", 0.0)
    kubectl("-n", namespace, "create", "role", "some", f"--verb={verbs}", "--resource=leases")
    account = f"--serviceaccount={namespace}:default"
    kubectl("-n", namespace, "create", "rolebinding", "some", "--role=some", account)
    reader = rewritten(tmp_path, {"token": await token_of(session, namespace, "default")})
    told: list[Event] = []
    async with KubeSession.open(context, [reader]) as limited:
        cluster = cast("Cluster", Reached(limited, namespace))
        async with leased(cluster, "greeter", ME, told.append) as hold:
            for _ in range(2):
                await hold()
    assert told == [Noticed(UNHELD)]
