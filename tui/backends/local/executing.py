"""Executing: a command beside a replica, in its folder and with its environment."""

from pathlib import Path

from tui.backends.history import Entry
from tui.clients.process.steps import run_step
from tui.model.faults import Fault, FaultError
from tui.model.rollouts import Pod
from tui.ports.running import CommandEnd, TellLines
from tui.supervisor.launching import process_env


async def execute(
    entry: Entry | None, environment: str, pod: Pod, argv: tuple[str, ...], tell: TellLines
) -> CommandEnd:
    """Run a command as if the pod had started it; it ends at the latest when the pod does.

    Raises FaultError when the pod is not on record or the command cannot be started.
    """
    if entry is None or entry.app is None:
        raise FaultError(_unknown(pod))
    _, _, port = pod.address.rpartition(":")
    marker = f"{environment}/{pod.name}/"
    env = process_env(entry.app.env, int(port or 0), marker)
    try:
        return await run_step(argv, Path(entry.app.cwd), env, tell)
    except (OSError, ValueError) as error:
        raise FaultError(_not_started(argv[0], pod, str(error))) from error


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
