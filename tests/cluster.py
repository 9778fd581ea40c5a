"""The real cluster that tests run against, found through KUBECONFIG."""

import asyncio
import os
import secrets
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from tests.testbed import lacking
from tui.clients.kube.kubeconfig import Kubeconfig, find_kubeconfig, read_kubeconfig
from tui.clients.kube.session import KubeSession
from tui.model.faults import FaultError

PATIENCE = 120.0


def kubeconfig() -> Kubeconfig:
    """Return the kubeconfig; skips where there is none, fails where one is required."""
    try:
        if "KUBECONFIG" not in os.environ:
            lacking("KUBECONFIG is not set: no cluster to test against")
        found = read_kubeconfig(find_kubeconfig())
    except FaultError as error:
        lacking(error.fault.sentence)
    return found


@asynccontextmanager
async def fresh_namespace(session: KubeSession) -> AsyncIterator[str]:
    """Make a namespace in which pods can be created at once; its deletion is not waited for."""
    name = f"redraft-test-{secrets.token_hex(4)}"
    await session.post("/api/v1/namespaces", body={"metadata": {"name": name}})
    try:
        await eventually(
            lambda: exists(session, f"/api/v1/namespaces/{name}/serviceaccounts/default")
        )
        yield name
    finally:
        with suppress(FaultError):  # gone or going already
            await session.delete(f"/api/v1/namespaces/{name}")


async def exists(session: KubeSession, path: str) -> bool:
    try:
        await session.get(path)
    except FaultError as error:
        if error.fault.code == "api-not-found":
            return False
        raise
    return True


async def eventually(condition: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait until the condition, plain or a coroutine function, is true."""
    async with asyncio.timeout(patience):
        while True:
            answer = condition()
            if await answer if asyncio.iscoroutine(answer) else answer:
                return
            await asyncio.sleep(0.05)


def kubectl(*arguments: str) -> str:
    """Run kubectl and return its output; for comparing with ours."""
    command = ["kubectl", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def pod(name: str, script: str, **more: object) -> dict[str, Any]:
    """Return a pod that runs a shell script in busybox."""
    container = {
        "name": "main",
        "image": "busybox",
        "imagePullPolicy": "IfNotPresent",
        "command": ["sh", "-c", script],
    }
    spec = {"containers": [container], "terminationGracePeriodSeconds": 0, "restartPolicy": "Never"}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": "redraft-test"}},
        "spec": spec | more,
    }


def job(name: str, script: str, **more: object) -> dict[str, Any]:
    """Return a Job whose one pod runs a shell script in busybox."""
    made = pod(name, script, **more)
    template = {"metadata": {"labels": made["metadata"]["labels"]}, "spec": made["spec"]}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name},
        "spec": {"backoffLimit": 100, "template": template},
    }
