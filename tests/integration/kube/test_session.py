import asyncio
import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster import fresh_namespace
from tui.clients.kube.kubeconfig import find_kubeconfig
from tui.clients.kube.rights import Right, missing_rights
from tui.clients.kube.session import KubeSession
from tui.model.faults import Fault, FaultError

pytestmark = pytest.mark.integration
READER = Right("get", "", "configmaps")


async def token_of(session: KubeSession, namespace: str, account: str) -> str:
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token"
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    return str((await session.post(path, body=body))["status"]["token"])


def rewritten(folder: Path, user: dict[str, Any], **cluster: Any) -> Path:
    """Write a kubeconfig like the test's own, with another user and changes of the cluster."""
    document = yaml.safe_load(find_kubeconfig()[0].read_text())
    document["users"] = [{"name": "other", "user": user}]
    document["contexts"][0]["context"]["user"] = "other"
    document["clusters"][0]["cluster"] |= cluster
    path = folder / "config"
    path.write_text(yaml.safe_dump(document))
    return path


def plugin_printing(folder: Path) -> dict[str, Any]:
    """Return a plugin that gives the token in a file and notes that it ran."""
    version = "client.authentication.k8s.io/v1"
    answer = f'{{"apiVersion":"{version}","kind":"ExecCredential","status":{{"token":"%s"}}}}'
    script = f"echo run >>runs; printf '{answer}' \"$(cat token)\""
    command = {"command": "sh", "args": ["-c", f'cd "{folder}"; {script}']}
    return {"exec": {"apiVersion": version, "interactiveMode": "Never", **command}}


async def fault_of(context: str, path: Path, api_path: str = "/api/v1/namespaces") -> Fault:
    with pytest.raises(FaultError) as raised:
        async with KubeSession.open(context, [path]) as session:
            await session.get(api_path)
    return raised.value.fault


async def test_objects_are_made_changed_and_deleted(session: KubeSession, namespace: str) -> None:
    maps = f"/api/v1/namespaces/{namespace}/configmaps"
    await session.post(maps, body={"metadata": {"name": "one"}, "data": {"a": "1"}})
    await session.patch(f"{maps}/one", body={"data": {"b": "2"}})
    assert (await session.get(f"{maps}/one"))["data"] == {"a": "1", "b": "2"}
    found = await session.get(maps, {"fieldSelector": "metadata.name=one"})
    assert [item["metadata"]["name"] for item in found["items"]] == ["one"]
    await session.delete(f"{maps}/one")
    with pytest.raises(FaultError) as raised:
        await session.get(f"{maps}/one")
    assert raised.value.fault.code == "api-not-found"


async def test_a_token_may_do_what_its_role_says(
    session: KubeSession, namespace: str, context: str, tmp_path: Path
) -> None:
    path = rewritten(tmp_path, {"token": await token_of(session, namespace, "default")})
    fault = await fault_of(context, path, f"/api/v1/namespaces/{namespace}/secrets")
    assert fault.code == "api-forbidden"
    assert f"list secrets in {namespace}" in fault.sentence
    async with KubeSession.open(context, [path]) as poor:
        assert await missing_rights(poor, namespace, [READER]) == (READER,)
    assert await missing_rights(session, namespace, [READER]) == ()


async def test_an_expired_token_is_renewed_by_its_plugin_once_for_all_requests(
    session: KubeSession, namespace: str, context: str, tmp_path: Path
) -> None:
    path = rewritten(tmp_path, plugin_printing(tmp_path))
    (tmp_path / "token").write_text("stale")
    async with KubeSession.open(context, [path]) as renewing:
        (tmp_path / "token").write_text(await token_of(session, namespace, "default"))
        answers = await asyncio.gather(*(renewing.get("/version") for _ in range(5)))
    assert len({answer["gitVersion"] for answer in answers}) == 1
    assert (tmp_path / "runs").read_text().split() == ["run", "run"]


async def test_a_token_file_is_read_anew(
    session: KubeSession, namespace: str, context: str, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("stale")
    path = rewritten(tmp_path, {"tokenFile": str(token)})
    async with KubeSession.open(context, [path]) as renewing:
        token.write_text(await token_of(session, namespace, "default") + "\n")
        assert (await renewing.get("/version"))["gitVersion"]


async def test_a_token_file_that_is_empty_for_a_moment_makes_nobody_of_us(
    session: KubeSession, namespace: str, context: str, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("stale")
    path = rewritten(tmp_path, {"tokenFile": str(token)})
    async with KubeSession.open(context, [path]) as renewing:
        token.write_text("")
        with pytest.raises(FaultError) as raised:
            await renewing.get("/version")
        assert raised.value.fault.code == "credentials-unusable"
        token.write_text(await token_of(session, namespace, "default"))
        assert (await renewing.get("/version"))["gitVersion"]


async def test_a_token_that_stays_expired_is_told(context: str, tmp_path: Path) -> None:
    path = rewritten(tmp_path, {"token": "stale"})
    fault = await fault_of(context, path)
    assert (fault.code, fault.kind) == ("token-expired", "usage")
    assert f"`{context}`" in fault.sentence


async def test_a_context_that_moves_to_another_server_is_not_followed(
    context: str, tmp_path: Path
) -> None:
    path = rewritten(tmp_path, {"token": "stale"})
    async with KubeSession.open(context, [path]) as session:
        rewritten(tmp_path, {"token": "new"}, server="https://127.0.0.1:1")
        with pytest.raises(FaultError) as raised:
            await session.get("/version")
    assert raised.value.fault.code == "context-moved"


async def test_nobody_listening_is_unreachable(context: str, tmp_path: Path) -> None:
    path = rewritten(tmp_path, {}, server="https://127.0.0.1:1")
    fault = await fault_of(context, path)
    assert (fault.code, fault.kind) == ("api-unreachable", "unreachable")


async def test_a_certificate_of_another_authority_is_never_taken(
    context: str, tmp_path: Path
) -> None:
    authority = Path(__file__).with_name("other-authority.pem").read_bytes()
    data = base64.standard_b64encode(authority).decode()
    path = rewritten(tmp_path, {}, **{"certificate-authority-data": data})
    assert (await fault_of(context, path)).code == "api-untrusted"


async def test_a_proxy_of_the_kubeconfig_is_used(context: str, tmp_path: Path) -> None:
    asked = asyncio.get_running_loop().create_future()

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set_result(await reader.readline())
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as proxy:
        port = proxy.sockets[0].getsockname()[1]
        path = rewritten(tmp_path, {}, **{"proxy-url": f"http://127.0.0.1:{port}"})
        assert (await fault_of(context, path)).code == "api-unreachable"
    assert (await asked).startswith(b"CONNECT 127.0.0.1:")


async def test_no_credential_stays_in_a_temporary_file(
    context: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    async with KubeSession.open(context) as session:
        assert (await session.get("/version"))["gitVersion"]
    assert [*tmp_path.iterdir()] == []  # noqa: ASYNC240


async def test_a_namespace_that_goes_away_is_told(session: KubeSession) -> None:
    async with fresh_namespace(session) as name:
        await session.delete(f"/api/v1/namespaces/{name}")
        body = {"metadata": {"name": "late"}}
        with pytest.raises(FaultError) as raised:
            await session.post(f"/api/v1/namespaces/{name}/configmaps", body=body)
    assert raised.value.fault.code == "namespace-terminating"
