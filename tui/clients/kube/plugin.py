"""Credential plugins of a kubeconfig (`exec`), run as kubectl runs them but without the terminal.

kubernetes.aio's own runner hands them our standard input, where the cockpit's keys come from, and
tells failures to a log only. The protocol:
https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
"""

import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tui.model.faults import Fault, FaultError

PATIENCE = 60.0
"""Seconds a plugin may take; some open a browser and wait for it."""
SHOWN = 10
"""Lines of a failed plugin's error output that are shown."""


async def run_plugin(
    plugin: Mapping[str, Any], cluster: Mapping[str, Any], folder: Path
) -> Mapping[str, Any]:
    """Run the plugin and return the `status` of its ExecCredential.

    `folder` is the kubeconfig's: a relative command is meant from there. Raises `FaultError`:
    `exec-plugin-missing`, `exec-plugin-failed`.
    """
    command = str(plugin.get("command", ""))
    if plugin.get("interactiveMode") == "Always":
        raise FaultError(_failed(command, "it wants a terminal, and the cockpit has it"))
    try:
        process = await asyncio.create_subprocess_exec(
            _program(command, folder),
            *map(str, plugin.get("args") or ()),
            env=_environment(plugin, cluster),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise FaultError(_missing(command, plugin, error)) from None
    return _status(command, plugin, *await _output(command, process))


async def _output(command: str, process: asyncio.subprocess.Process) -> tuple[int, bytes, bytes]:
    """Wait for the end; a cancelled or late plugin is killed."""
    try:
        async with asyncio.timeout(PATIENCE):
            output, errors = await process.communicate()
    except TimeoutError:
        raise FaultError(_failed(command, f"no answer in {PATIENCE:.0f} s")) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, output, errors


def _program(command: str, folder: Path) -> str:
    return str(folder / command) if os.sep in command else command


def _environment(plugin: Mapping[str, Any], cluster: Mapping[str, Any]) -> dict[str, str]:
    spec: dict[str, Any] = {"interactive": False}
    if plugin.get("provideClusterInfo"):
        spec["cluster"] = cluster
    request = {
        "apiVersion": plugin.get("apiVersion"),
        "kind": "ExecCredential",
        "spec": spec,
    }
    added = {str(item["name"]): str(item["value"]) for item in plugin.get("env") or ()}
    return os.environ | added | {"KUBERNETES_EXEC_INFO": json.dumps(request)}


def _status(
    command: str, plugin: Mapping[str, Any], code: int, output: bytes, errors: bytes
) -> Mapping[str, Any]:
    if code:
        text = errors.decode(errors="replace").strip()
        raise FaultError(_failed(command, f"it ended with {code}", *text.splitlines()[-SHOWN:]))
    try:
        answer = json.loads(output)
    except ValueError:
        raise FaultError(_failed(command, "its answer is no JSON")) from None
    status = answer.get("status") if isinstance(answer, dict) else None
    given = isinstance(status, dict) and any(map(status.get, ("token", "clientCertificateData")))
    if not isinstance(status, dict) or not given:
        raise FaultError(_failed(command, "its answer has neither a token nor a certificate"))
    if answer.get("apiVersion") != plugin.get("apiVersion"):
        wanted = f"it answers as {answer.get('apiVersion')}, not as {plugin.get('apiVersion')}"
        raise FaultError(_failed(command, wanted))
    return status


def _missing(command: str, plugin: Mapping[str, Any], error: OSError) -> Fault:
    return Fault(
        "exec-plugin-missing",
        f"the kubeconfig's credential plugin `{command}` cannot be started",
        kind="usage",
        evidence=(str(error), *str(plugin.get("installHint") or "").splitlines()),
        remedy=f"install `{command}`, or use a context without it",
    )


def _failed(command: str, *evidence: str) -> Fault:
    return Fault(
        "exec-plugin-failed",
        f"the kubeconfig's credential plugin `{command}` gave no credentials",
        kind="unreachable",
        evidence=evidence,
        remedy="log in again with your cluster's tool",
    )
