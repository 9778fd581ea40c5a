"""Executing: a command or a shell beside a replica, in its folder and with its environment."""

import os
from collections.abc import Mapping
from pathlib import Path

from tui.backends.history import Entry
from tui.clients.process.shell import run_shell
from tui.clients.process.steps import run_step
from tui.model.faults import Fault, FaultError
from tui.model.rollouts import Pod, Rollout
from tui.ports.capabilities import Terminal
from tui.ports.running import CommandEnd, TellLines
from tui.supervisor.launching import process_env


async def execute(
    entry: Entry | None, environment: str, pod: Pod, argv: tuple[str, ...], tell: TellLines
) -> CommandEnd:
    """Run a command as if the pod had started it; it ends at the latest when the pod does.

    Raises FaultError when the pod is not on record or the command cannot be started.
    """
    folder, env = _surroundings(entry, environment, pod)
    try:
        return await run_step(argv, folder, env, tell)
    except (OSError, ValueError) as error:
        raise FaultError(_not_started(argv[0], pod, str(error))) from error


async def open_shell(entry: Entry | None, environment: str, pod: Pod, terminal: Terminal) -> int:
    """Run the user's own shell on the terminal, as if the pod had started it.

    Returns its exit code; raises FaultError as `execute` does.
    """
    folder, env = _surroundings(entry, environment, pod)
    shell = os.environ.get("SHELL") or "/bin/sh"
    try:
        return await run_shell((shell,), folder, env, terminal)
    except OSError as error:
        raise FaultError(_not_started(shell, pod, str(error))) from error


def pod_named(rollout: Rollout, name: str) -> Pod:
    """Return the pod of that name; raises FaultError for one that is gone."""
    for pod in rollout.pods:
        if pod.name == name:
            return pod
    raise FaultError(Fault("pod-gone", f"{name} is gone", remedy="choose one that runs"))


def _surroundings(
    entry: Entry | None, environment: str, pod: Pod
) -> tuple[Path, Mapping[str, str]]:
    """Return the folder and the environment of a pod; raises FaultError."""
    if entry is None or entry.app is None:
        raise FaultError(_unknown(pod))
    _, _, port = pod.address.rpartition(":")
    marker = f"{environment}/{pod.name}/"
    return Path(entry.app.cwd), process_env(entry.app.env, int(port or 0), marker)


def _unknown(pod: Pod) -> Fault:
    return Fault(
        "exec-failed",
        f"it is not on record how {pod.name} was started",
        remedy="bring the tree itself up: `redraft up`",
    )


def _not_started(program: str, pod: Pod, why: str) -> Fault:
    return Fault(
        "exec-failed",
        f"{program} could not be started in {pod.name}",
        evidence=(why,),
        remedy=f"install {program}, or correct its name",
    )
