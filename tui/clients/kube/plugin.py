"""Credential plugins of a kubeconfig (`exec`), run as kubectl runs them but without the terminal.

kubernetes.aio's own runner hands them our standard input, where the cockpit's keys come from, and
tells failures to a log only. The protocol:
https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tui.clients.programs import Answer, ask_program
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
    argv = (_program(command, folder), *map(str, plugin.get("args") or ()))
    try:
        answer = await ask_program(argv, env=_environment(plugin, cluster), patience=PATIENCE)
    except TimeoutError:
        raise FaultError(_failed(command, f"no answer in {PATIENCE:.0f} s")) from None
    except OSError as error:
        raise FaultError(_missing(command, plugin, error)) from None
    return _status(command, plugin, answer)


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


def _status(command: str, plugin: Mapping[str, Any], told: Answer) -> Mapping[str, Any]:
    if told.code:
        words = told.stderr.strip().splitlines()[-SHOWN:]
        raise FaultError(_failed(command, f"it ended with {told.code}", *words))
    try:
        answer = json.loads(told.stdout)
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
