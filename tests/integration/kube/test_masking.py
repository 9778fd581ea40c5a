"""What Secrets hold, printed by real pods, is masked before anybody stores or shows it."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from tests.cluster import eventually, job, kubectl
from tests.integration.kube.accounts import as_service_account
from tests.integration.kube.deployed import Deployed
from tests.integration.kube.test_logs import Book, collecting, run
from tests.integration.kube.test_manifests import web, write
from tui.backends.kubernetes.observing import Observer
from tui.backends.kubernetes.picture.wanted import Wanted
from tui.backends.kubernetes.watches import Watches
from tui.clients.kube.session import KubeSession
from tui.model.masking import MASK
from tui.model.rollouts import Container, Rollout
from tui.model.verdicts import judge

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]
PASSWORD = "k9#Fq2xLw/7"
KEY = "-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\nb0c1d2e3f4g5h6\n-----END PRIVATE KEY-----\n"
VALUES = {"user": "postgres", "password": PASSWORD, "tls.key": KEY, "pin": "no-pin-4711"}
PRINTED = (
    'echo "password is $PASSWORD"; echo "postgres://app:k9%23Fq2xLw%2F7@db"; cat /keys/tls.key; '
    'echo "$FROM_pin and $FROM_user"; echo $PASSWORD | base64; '
)
MASKED = [
    f"password is {MASK}",
    f"postgres://app:{MASK}@db",
    *("-----BEGIN PRIVATE KEY-----", MASK, MASK, "-----END PRIVATE KEY-----"),
    f"{MASK} and postgres",
]


def secret(name: str = "db", **values: str) -> dict[str, Any]:
    held = values or VALUES
    metadata = {"name": name}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": held}


def with_secret(one: dict[str, Any], name: str = "db") -> dict[str, Any]:
    """Give a Job or Deployment the Secret in every way in which pods get values."""
    spec = one["spec"]["template"]["spec"]
    spec["volumes"] = [
        {"name": "keys", "projected": {"sources": [{"secret": {"name": name}}]}},
    ]
    key = {"secretKeyRef": {"name": name, "key": "password"}}
    container = spec["containers"][0]
    container["env"] = [*container.get("env", ()), {"name": "PASSWORD", "valueFrom": key}]
    container["envFrom"] = [{"prefix": "FROM_", "secretRef": {"name": name}}]
    container["volumeMounts"] = [{"name": "keys", "mountPath": "/keys"}]
    return one


async def make(session: KubeSession, namespace: str, one: dict[str, Any]) -> None:
    await session.post(f"/api/v1/namespaces/{namespace}/secrets", body=one)


def assert_masked(said: list[str]) -> None:
    assert said[: len(MASKED)] == MASKED
    assert said[len(MASKED)].startswith(MASK)


async def test_from_the_first_line_on_through_restarts_and_from_kept_positions(
    session: KubeSession, namespace: str
) -> None:
    await make(session, namespace, secret())
    looping = job("talker", f"{PRINTED} exit 3", restartPolicy="OnFailure")
    await run(session, namespace, with_secret(looping))
    book = Book()
    for restart in range(3):
        async with collecting(session, namespace, book):
            await eventually(lambda: len(book.said(restart=restart)) > len(MASKED))  # noqa: B023
    for restart in range(3):
        assert_masked(book.said(restart=restart))
        assert len(book.said(restart=restart)) == len(MASKED) + 1


class Withholding:
    """A session whose answers about Secrets are withheld until they are given."""

    def __init__(self, session: KubeSession) -> None:
        self.given = asyncio.Event()
        self._session = session

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    async def get(self, path: str, query: Any = None) -> dict[str, Any]:
        if path.endswith("/secrets"):
            await self.given.wait()
        return await self._session.get(path, query)


async def test_no_line_is_told_before_it_is_known_what_is_secret_nor_waited_for(
    session: KubeSession, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.backends.kubernetes.collecting.PATIENCE", 1.0)
    await make(session, namespace, secret())
    await run(session, namespace, with_secret(job("talker", f"{PRINTED} sleep 600")))
    kubectl("-n", namespace, "wait", "--for=condition=ready", "pod", "--all", "--timeout=60s")
    withholding = Withholding(session)
    async with collecting(cast(KubeSession, withholding), namespace, Book()) as book:
        await eventually(lambda: book.caught_up)
        assert book.said() == []
        withholding.given.set()
        await eventually(lambda: len(book.said()) > len(MASKED))
    assert_masked(book.said())


async def test_a_value_that_was_changed_is_masked_as_it_was_and_as_it_is(
    session: KubeSession, namespace: str
) -> None:
    new = "another-0815"
    await make(session, namespace, secret())
    wanted = Wanted(7, frozenset({("Job", "talker"), ("Job", "second")}))
    printing = "while sleep 0.1; do echo at $PASSWORD; done"
    await run(session, namespace, with_secret(job("talker", printing)))
    async with collecting(session, namespace, Book(), wanted) as book:
        await eventually(lambda: len(book.said()) > 3)
        path = f"/api/v1/namespaces/{namespace}/secrets/db"
        await session.patch(path, body={"stringData": {"password": new}})
        await run(session, namespace, with_secret(job("second", printing)))
        pods = {record.pod for record in book.records}
        await eventually(lambda: {record.pod for record in book.records} > pods)
        known = len(book.records)
        await eventually(lambda: len(book.records) > known + 10)
    assert set(book.said()) == {f"at {MASK}"}


async def test_a_secret_that_is_made_after_its_pod_is_masked(
    session: KubeSession, namespace: str
) -> None:
    await run(session, namespace, with_secret(job("talker", f"{PRINTED} sleep 600")))
    async with collecting(session, namespace, Book()) as book:
        await eventually(lambda: book.caught_up)
        await make(session, namespace, secret())
        await eventually(lambda: len(book.said()) > len(MASKED))
    assert_masked(book.said())


async def test_without_the_right_to_read_secrets_lines_flow_and_that_is_said_once(
    session: KubeSession, namespace: str, context: str, tmp_path: Path
) -> None:
    await make(session, namespace, secret())
    kubectl("-n", namespace, "create", "serviceaccount", "reader")
    kubectl("-n", namespace, "create", "rolebinding", "reader", "--clusterrole=view",
            f"--serviceaccount={namespace}:reader")  # fmt: skip
    config = as_service_account(namespace, tmp_path, "reader")
    await run(session, namespace, with_secret(job("talker", f"{PRINTED} sleep 600")))
    async with KubeSession.open(context, [config]) as reader:
        book = Book()
        async with collecting(reader, namespace, book):
            await eventually(lambda: len(book.said()) > len(MASKED))
        book.caught_up = False
        async with collecting(reader, namespace, book):
            await eventually(lambda: book.caught_up)
    assert f"password is {PASSWORD}" in book.said()
    (notice,) = (record for record in book.records if record.stream == "redraft")
    assert "not masked" in notice.message
    assert "list secrets" in notice.message


@asynccontextmanager
async def pictures(session: KubeSession, namespace: str) -> AsyncIterator[list[Rollout]]:
    seen = list[Rollout]()

    async def work() -> None:
        wanted = Wanted(7, frozenset({("Job", "talker")}))
        async with aclosing(Observer(Watches(session, namespace), wanted).rollouts()) as rollouts:
            async for rollout in rollouts:
                seen.append(rollout)

    task = asyncio.create_task(work())
    try:
        yield seen
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_verdicts_evidence_and_every_picture_are_masked(
    session: KubeSession, namespace: str
) -> None:
    await make(session, namespace, secret())
    crash = job("talker", f"{PRINTED} sleep 0.5; exit 3", restartPolicy="OnFailure")
    container = crash["spec"]["template"]["spec"]["containers"][0]
    container["terminationMessagePolicy"] = "FallbackToLogsOnError"
    await run(session, namespace, with_secret(crash))

    def ended(rollout: Rollout) -> list[Container]:
        return [one for pod in rollout.pods for one in pod.containers if one.last]

    async with pictures(session, namespace) as seen:
        await eventually(
            lambda: seen and any(one.last and one.last.last_lines for one in ended(seen[-1]))
        )
    (container_seen,) = ended(seen[-1])
    assert container_seen.last
    assert_masked(list(container_seen.last.last_lines))
    assert MASK in container_seen.last.message
    told = repr((seen, judge(seen[-1], time.time())))
    assert PASSWORD not in told
    assert "MIIEpAIBAAKCAQEA7" not in told


def test_nothing_that_redraft_keeps_or_shows_holds_a_secret(app: Deployed) -> None:
    served = with_secret(web(app))
    start = f"{PRINTED} exec httpd -f -p $PORT -h /www"
    served["spec"]["template"]["spec"]["containers"][0]["command"] = ["sh", "-c", start]
    write(app, served, secret())
    app.settings(manifests=["k8s"], tasks={"post-deploy": PRINTED})
    app.up()
    recording = app.project.parent / "events.jsonl"
    crash = f"{PRINTED} echo broken >&2; exit 7"
    served["spec"]["template"]["spec"]["containers"][0]["command"] = ["sh", "-c", crash]
    write(app, served, secret())
    up = app.redraft("up", "--output", "json")
    recording.write_text(up.stdout + up.stderr)
    assert up.returncode == 1
    shown = [
        app.redraft.good("logs", "--all-revisions", "--output", kind) for kind in ("plain", "json")
    ]
    shown += [app.redraft("logs", "--previous").stdout, app.redraft("why").stdout]
    shown += [app.redraft("why", "--output", "json").stdout, recording.read_text()]
    for text in shown:
        assert MASK in text or r"\u2022" in text, text
    kept = [path.read_bytes() for path in app.redraft.home.rglob("*") if path.is_file()]
    assert any(b"password is" in content for content in kept), "the lines are kept"
    forms = PASSWORD, "k9%23Fq2xLw%2F7", "MIIEpAIBAAKCAQEA7", "no-pin-4711"
    encoded = base64.b64encode(PASSWORD.encode()).decode().rstrip("=")[:-1]
    for form in (*forms, encoded):
        assert not any(form in text for text in shown), form
        assert not any(form.encode() in content for content in kept), form
