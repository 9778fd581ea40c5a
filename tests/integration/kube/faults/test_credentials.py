"""Credentials that expire: told as that, and gone on with once there are new ones."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import yaml

from tests.cluster import kubectl
from tests.cutting import Way
from tests.integration.kube.deployed import Deployed
from tests.integration.kube.faults.braking import let_go, put_on_the_brake, until_braked
from tests.integration.kube.faults.running import running
from tests.integration.kube.test_session import token_of
from tui.clients.kube.session import KubeSession

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]
ACCOUNT = "developer"


@pytest.fixture
def token(app: Deployed, tmp_path: Path) -> Path:
    """A file with the token of an account that may do everything in the namespace."""
    account = f"--serviceaccount={app.namespace}:{ACCOUNT}"
    kubectl("create", "clusterrolebinding", app.namespace, "--clusterrole=cluster-admin", account)
    return tmp_path / "token"


@pytest.fixture
def as_account(over: Deployed, token: Path) -> Deployed:
    """The app, whose redraft has the token and goes the way."""
    path = Path(over.redraft.variables["KUBECONFIG"])
    document = yaml.safe_load(path.read_text())
    document["users"] = [{"name": ACCOUNT, "user": {"tokenFile": str(token)}}]
    document["contexts"][0]["context"]["user"] = ACCOUNT
    path.write_text(yaml.safe_dump(document))
    return over


@pytest.fixture(autouse=True)
def unbound(app: Deployed) -> object:
    yield
    kubectl("delete", "clusterrolebinding", app.namespace, "--ignore-not-found")


async def grant(session: KubeSession, app: Deployed, token: Path) -> None:
    """Make the account, and write a token of it."""
    kubectl("-n", app.namespace, "create", "serviceaccount", ACCOUNT)
    made = await token_of(session, app.namespace, ACCOUNT)
    await asyncio.to_thread(token.write_text, made)


@asynccontextmanager
async def breaking(way: Way) -> AsyncIterator[None]:
    """Break connections again and again: the API believes a token for 10 s after it was good."""

    async def breaks() -> None:
        while True:
            way.break_connections()
            await asyncio.sleep(2)

    task = asyncio.create_task(breaks())
    yield
    task.cancel()


def revoke(app: Deployed) -> None:
    """Have the API accept no token of the account any more."""
    kubectl("-n", app.namespace, "delete", "serviceaccount", ACCOUNT)


async def test_a_token_that_expires_in_a_rollout_is_told_and_a_new_one_goes_on(
    as_account: Deployed, session: KubeSession, token: Path, way: Way
) -> None:
    app = as_account
    await grant(session, app, token)
    put_on_the_brake(app)
    async with running(app.redraft, "up") as one:
        await until_braked(one, app)
        revoke(app)
        async with breaking(way):
            verdict = await one.until_verdict("progressing", "token-expired")
        assert "does not accept the credentials" in verdict["sentence"]
        assert verdict["remedy"] == "log in again with your cluster's tool"
        await asyncio.to_thread(token.write_text, "")  # as while a tool writes another
        await one.until_verdict("progressing", "credentials-unusable")
        await grant(session, app, token)
        let_go(app)
        assert await one.end() == 0


async def test_a_token_that_expired_before_is_told_and_nothing_is_changed(
    as_account: Deployed, session: KubeSession, token: Path
) -> None:
    app = as_account
    await grant(session, app, token)
    revoke(app)
    done = await asyncio.to_thread(app.redraft, "up")
    assert done.returncode == 2
    assert "[token-expired]" in done.stderr
    assert "→ log in again" in done.stderr
    assert "Traceback" not in done.stderr
    assert not app.get("deployments")["items"]
